// Stands in for nf-interpreter's src/CLR/Include/nanoCLR_Runtime.h (1.x): a stack frame with arguments and a result, heap blocks with numbers
// and arrays. The numbers share their storage, as there; the test fills what an argument does not use with rubbish.
#pragma once

#include "nanoCLR_Interop.h"

typedef uint8_t CLR_UINT8;
typedef uint32_t CLR_UINT32;

struct CLR_RT_HeapBlock_Array
{
    CLR_UINT32 m_numOfElements;
    CLR_UINT8 *elements;

    CLR_UINT8 *GetFirstElement() { return elements; }
};

struct CLR_RT_HeapBlock
{
    union Numeric
    {
        CLR_UINT8 u1;
        CLR_UINT32 u4;
        int32_t s4;
        uint64_t u8;
    } numeric;
    CLR_RT_HeapBlock_Array *reference;

    Numeric &NumericByRef() { return numeric; }
    CLR_RT_HeapBlock_Array *DereferenceArray() const { return reference; }
};

struct CLR_RT_StackFrame
{
    CLR_RT_HeapBlock arguments[4];
    int64_t result;
    char resultType; // of the last SetResult: 'i', 'u', or 0 for none

    CLR_RT_HeapBlock &Arg0() { return arguments[0]; }
    CLR_RT_HeapBlock &Arg1() { return arguments[1]; }
    CLR_RT_HeapBlock &Arg2() { return arguments[2]; }
    CLR_RT_HeapBlock &Arg3() { return arguments[3]; }

    void SetResult_I4(int32_t value)
    {
        result = value;
        resultType = 'i';
    }

    void SetResult_U4(uint32_t value)
    {
        result = value;
        resultType = 'u';
    }
};
