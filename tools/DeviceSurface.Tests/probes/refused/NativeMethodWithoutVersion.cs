// error NFS010: a type without code has no line of its own in the pdb
using System.Runtime.CompilerServices;

namespace Probe
{
    public static class NativeMethodWithoutVersion
    {
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern int Read(uint address);
    }
}
