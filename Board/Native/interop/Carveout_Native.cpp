// The table by which the runtime finds the native methods of Carveout.Native, and the checksum that it compares before it uses the table.
#include "Carveout_Native.h"

// clang-format off

// One row for every method of the assembly, in the order of its metadata: NativeMethods, then NativeRegion, which has managed methods only.
static const CLR_RT_MethodHandler method_lookup[] =
{
    Library_Carveout_Native_Carveout_Board_Native_NativeMethods::CleanCache___STATIC__I4__U4__I4,
    Library_Carveout_Native_Carveout_Board_Native_NativeMethods::Copy___STATIC__I4__U4__U4__I4,
    Library_Carveout_Native_Carveout_Board_Native_NativeMethods::Fill___STATIC__I4__U4__I4__U1,
    Library_Carveout_Native_Carveout_Board_Native_NativeMethods::GetCacheLine___STATIC__I4__I4,
    Library_Carveout_Native_Carveout_Board_Native_NativeMethods::GetSize___STATIC__U4__I4,
    Library_Carveout_Native_Carveout_Board_Native_NativeMethods::GetStart___STATIC__U4__I4,
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
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
};

// The number is the checksum that the runtime compares with the deployed assembly. It stands here and not behind a macro, because
// nf-interpreter's build reads it in this file's text. If nanoFramework's tools are installed, the build of Native.nfproj prints it as
// "Native declaration checksum". It depends on their version; if the two differ, the printed one is right (docs/native.md).
const CLR_RT_NativeAssemblyData g_CLR_AssemblyNative_Carveout_Native =
{
    "Carveout.Native",
    0x36B5AFDE,
    method_lookup,
    { 100, 0, 0, 2 }
};

// clang-format on
