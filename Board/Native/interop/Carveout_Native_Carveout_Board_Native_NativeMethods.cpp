// From the runtime's stack frame to the C core and back. Nothing is checked here: the core does that, and its status is the result.
//
// It is a status and not an exception, because native exceptions have no text, and the managed side must name address, size and region.
#include "Carveout_Native.h"

#include "carveout_platform.h"

typedef Library_Carveout_Native_Carveout_Board_Native_NativeMethods Methods;

namespace
{
struct Bytes
{
    uint8_t *data;
    int32_t count;
};

// An array from managed code; no data if that is null. There is no garbage collection before the call returns, so nothing moves.
Bytes BytesOf(CLR_RT_HeapBlock &argument)
{
    CLR_RT_HeapBlock_Array *array = argument.DereferenceArray();

    return array == nullptr ? Bytes{nullptr, 0} : Bytes{array->GetFirstElement(), (int32_t)array->m_numOfElements};
}

uint32_t U4(CLR_RT_HeapBlock &argument)
{
    return argument.NumericByRef().u4;
}

int32_t I4(CLR_RT_HeapBlock &argument)
{
    return argument.NumericByRef().s4;
}
} // namespace

HRESULT Methods::CleanCache___STATIC__I4__U4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    stack.SetResult_I4(carveout_region_clean(carveout_region_of(U4(stack.Arg0())), U4(stack.Arg0()), I4(stack.Arg1())));

    NANOCLR_NOCLEANUP_NOLABEL();
}

HRESULT Methods::Copy___STATIC__I4__U4__U4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    stack.SetResult_I4(carveout_region_copy(carveout_region_of(U4(stack.Arg0())), U4(stack.Arg0()), U4(stack.Arg1()), I4(stack.Arg2())));

    NANOCLR_NOCLEANUP_NOLABEL();
}

HRESULT Methods::Fill___STATIC__I4__U4__I4__U1(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    uint8_t value = stack.Arg2().NumericByRef().u1;

    stack.SetResult_I4(carveout_region_fill(carveout_region_of(U4(stack.Arg0())), U4(stack.Arg0()), I4(stack.Arg1()), value));

    NANOCLR_NOCLEANUP_NOLABEL();
}

HRESULT Methods::GetCacheLine___STATIC__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    const carveout_region *region = carveout_platform_region(I4(stack.Arg0()));

    stack.SetResult_I4(region == nullptr ? 0 : (int32_t)region->cache_line);

    NANOCLR_NOCLEANUP_NOLABEL();
}

HRESULT Methods::GetSize___STATIC__U4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    const carveout_region *region = carveout_platform_region(I4(stack.Arg0()));

    stack.SetResult_U4(region == nullptr ? 0 : region->size);

    NANOCLR_NOCLEANUP_NOLABEL();
}

HRESULT Methods::GetStart___STATIC__U4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    const carveout_region *region = carveout_platform_region(I4(stack.Arg0()));

    stack.SetResult_U4(region == nullptr ? 0 : region->address);

    NANOCLR_NOCLEANUP_NOLABEL();
}

HRESULT Methods::InvalidateCache___STATIC__I4__U4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    stack.SetResult_I4(carveout_region_invalidate(carveout_region_of(U4(stack.Arg0())), U4(stack.Arg0()), I4(stack.Arg1())));

    NANOCLR_NOCLEANUP_NOLABEL();
}

HRESULT Methods::Read___STATIC__I4__U4__SZARRAY_U1__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    Bytes buffer = BytesOf(stack.Arg1());

    stack.SetResult_I4(carveout_region_read(carveout_region_of(U4(stack.Arg0())), U4(stack.Arg0()), buffer.data, buffer.count, I4(stack.Arg2()),
                                            I4(stack.Arg3())));

    NANOCLR_NOCLEANUP_NOLABEL();
}

HRESULT Methods::Write___STATIC__I4__U4__SZARRAY_U1__I4__I4(CLR_RT_StackFrame &stack)
{
    NANOCLR_HEADER();

    Bytes buffer = BytesOf(stack.Arg1());

    stack.SetResult_I4(carveout_region_write(carveout_region_of(U4(stack.Arg0())), U4(stack.Arg0()), buffer.data, buffer.count, I4(stack.Arg2()),
                                             I4(stack.Arg3())));

    NANOCLR_NOCLEANUP_NOLABEL();
}
