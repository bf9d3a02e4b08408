// The table by which the runtime finds the native methods of Carveout.Native, and what it compares before it trusts it.
#include "Carveout_Native.h"

#include "carveout_config.h"

// clang-format off

// One row for every method of the assembly, in the order of its metadata: NativeMethods, then NativeRegion, which is all managed.
static const CLR_RT_MethodHandler method_lookup[] =
{
    Library_Carveout_Native_Carveout_Board_Native_NativeMethods::CleanCache___STATIC__I4__U4__I4,
    Library_Carveout_Native_Carveout_Board_Native_NativeMethods::Copy___STATIC__I4__U4__U4__I4,
    Library_Carveout_Native_Carveout_Board_Native_NativeMethods::Fill___STATIC__I4__U4__I4__U1,
    Library_Carveout_Native_Carveout_Board_Native_NativeMethods::GetCacheLine___STATIC__I4,
    Library_Carveout_Native_Carveout_Board_Native_NativeMethods::GetSize___STATIC__U4,
    Library_Carveout_Native_Carveout_Board_Native_NativeMethods::GetStart___STATIC__U4,
    Library_Carveout_Native_Carveout_Board_Native_NativeMethods::InvalidateCache___STATIC__I4__U4__I4,
    Library_Carveout_Native_Carveout_Board_Native_NativeMethods::Read___STATIC__I4__U4__SZARRAY_U1__I4__I4,
    Library_Carveout_Native_Carveout_Board_Native_NativeMethods::Write___STATIC__I4__U4__SZARRAY_U1__I4__I4,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
};

const CLR_RT_NativeAssemblyData g_CLR_AssemblyNative_Carveout_Native =
{
    "Carveout.Native",
    CARVEOUT_NATIVE_CHECKSUM,
    method_lookup,
    { 100, 0, 0, 1 }
};

// clang-format on
