using System.Runtime.CompilerServices;

namespace Probe
{
    public static class NativeMethod
    {
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Read(uint address);
    }
}
