// Stands in for nf-interpreter's src/CLR/Include/nanoCLR_Interop.h (1.x): the macros and the table's types that interop/ uses.
#pragma once

#include <cstdint>

typedef int32_t HRESULT;
#define S_OK ((HRESULT)0)

struct CLR_RT_StackFrame;

typedef HRESULT (*CLR_RT_MethodHandler)(CLR_RT_StackFrame &stack);

struct CLR_RT_NativeAssemblyData
{
    const char *m_szAssemblyName;
    unsigned int m_checkSum;
    const CLR_RT_MethodHandler *m_pNativeMethods;
    struct
    {
        uint16_t iMajorVersion;
        uint16_t iMinorVersion;
        uint16_t iBuildNumber;
        uint16_t iRevisionNumber;
    } m_Version;
};

#define NANOCLR_NATIVE_DECLARE(mtd) static HRESULT mtd(CLR_RT_StackFrame &stack)
#define NANOCLR_HEADER() HRESULT hr
#define NANOCLR_NOCLEANUP_NOLABEL()                                                                                                        \
    hr = S_OK;                                                                                                                             \
    return hr
