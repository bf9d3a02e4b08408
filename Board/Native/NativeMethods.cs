using System.Runtime.CompilerServices;

namespace Carveout.Board.Native
{
    /// <summary>The methods that the firmware implements in C++ (interop/). Their names, parameters and order make the table by which the
    /// runtime finds them, and the checksum that it compares. A change here needs a change of interop/ and of the native version.</summary>
    /// <remarks>They stand in the order of their names: nanoFramework 1.x numbers native methods as they are declared, its successor by
    /// name. So one table serves both.</remarks>
    internal static class NativeMethods
    {
        /// <returns>A number of <see cref="NativeStatus"/>, here and below.</returns>
        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern int CleanCache(uint address, int length);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern int Copy(uint source, uint destination, int length);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern int Fill(uint address, int length, byte value);

        /// <summary>Bytes of a line of the data cache; 0 if there is none in front of region <paramref name="index"/>.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern int GetCacheLine(int index);

        /// <summary>Bytes of region <paramref name="index"/>.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern uint GetSize(int index);

        /// <summary>First physical address of region <paramref name="index"/>; 0 if there is none.</summary>
        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern uint GetStart(int index);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern int InvalidateCache(uint address, int length);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern int Read(uint address, byte[] buffer, int offset, int length);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern int Write(uint address, byte[] buffer, int offset, int length);
    }
}
