using System.Reflection;
using System.Runtime.CompilerServices;

[assembly: AssemblyNativeVersion("1.0.0.0")]

namespace Probe
{
    public static class NativeMethod
    {
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Read(uint address);
    }
}
