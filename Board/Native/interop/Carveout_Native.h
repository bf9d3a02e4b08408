// The native methods of the managed assembly Carveout.Native for nanoFramework's runtime, with the names that nanoFramework's metadata
// processor makes of the declarations in NativeMethods.cs.
#ifndef CARVEOUT_NATIVE_H
#define CARVEOUT_NATIVE_H

#include <nanoCLR_Interop.h>
#include <nanoCLR_Runtime.h>

struct Library_Carveout_Native_Carveout_Board_Native_NativeMethods
{
    NANOCLR_NATIVE_DECLARE(CleanCache___STATIC__I4__U4__I4);
    NANOCLR_NATIVE_DECLARE(Copy___STATIC__I4__U4__U4__I4);
    NANOCLR_NATIVE_DECLARE(Fill___STATIC__I4__U4__I4__U1);
    NANOCLR_NATIVE_DECLARE(GetCacheLine___STATIC__I4__I4);
    NANOCLR_NATIVE_DECLARE(GetSize___STATIC__U4__I4);
    NANOCLR_NATIVE_DECLARE(GetStart___STATIC__U4__I4);
    NANOCLR_NATIVE_DECLARE(InvalidateCache___STATIC__I4__U4__I4);
    NANOCLR_NATIVE_DECLARE(Read___STATIC__I4__U4__SZARRAY_U1__I4__I4);
    NANOCLR_NATIVE_DECLARE(Write___STATIC__I4__U4__SZARRAY_U1__I4__I4);
};

extern const CLR_RT_NativeAssemblyData g_CLR_AssemblyNative_Carveout_Native;

#endif
