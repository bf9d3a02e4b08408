using System;
using System.Runtime.InteropServices;

namespace Carveout.Board.Native
{
    /// <summary>The same methods as on the device, over the same C code as a shared library. Firmware reserves the memory at boot; a test
    /// does it with <see cref="Reserve"/>.</summary>
    internal static class NativeMethods
    {
        /// <summary>The variable with the path of the library, for when it is neither beside this assembly nor on the loader's path.</summary>
        internal const string LibraryVariable = "CARVEOUT_NATIVE_LIBRARY";

        private const string Library = "carveout_region";

        static NativeMethods()
        {
            NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, (name, assembly, search) =>
            {
                string path = Environment.GetEnvironmentVariable(LibraryVariable);
                IntPtr library = IntPtr.Zero;
                return name == Library && !string.IsNullOrEmpty(path) && NativeLibrary.TryLoad(path, out library) ? library : IntPtr.Zero;
            });
        }

        /// <remarks>Without a library there is no reservation, as on firmware that made none.</remarks>
        internal static uint GetStart(int index)
        {
            try
            {
                return HostStart(index);
            }
            catch (DllNotFoundException)
            {
                return 0;
            }
        }

        [DllImport(Library, EntryPoint = "carveout_host_size")]
        internal static extern uint GetSize(int index);

        [DllImport(Library, EntryPoint = "carveout_host_cache_line")]
        internal static extern int GetCacheLine(int index);

        [DllImport(Library, EntryPoint = "carveout_host_fill")]
        internal static extern int Fill(uint address, int length, byte value);

        [DllImport(Library, EntryPoint = "carveout_host_copy")]
        internal static extern int Copy(uint source, uint destination, int length);

        internal static int Read(uint address, byte[] buffer, int offset, int length)
        {
            return HostRead(address, buffer, buffer == null ? 0 : buffer.Length, offset, length);
        }

        internal static int Write(uint address, byte[] buffer, int offset, int length)
        {
            return HostWrite(address, buffer, buffer == null ? 0 : buffer.Length, offset, length);
        }

        [DllImport(Library, EntryPoint = "carveout_host_clean_cache")]
        internal static extern int CleanCache(uint address, int length);

        [DllImport(Library, EntryPoint = "carveout_host_invalidate_cache")]
        internal static extern int InvalidateCache(uint address, int length);

        /// <summary>Takes memory for a region, between two guard pages, and gives back what it and the regions behind it had before.</summary>
        /// <param name="index">The region's number: 0 to 3, and those before it must be there.</param>
        /// <param name="address">The nominal address of its first byte, since a real one has 64 bits here. 0 only gives back.</param>
        /// <param name="cacheLine">The result of <see cref="GetCacheLine"/>: a power of two, or 0.</param>
        /// <returns>Whether there is a region now.</returns>
        internal static bool Reserve(int index, uint address, uint size, int cacheLine)
        {
            return HostReserve(index, address, size, cacheLine) != 0;
        }

        [DllImport(Library, EntryPoint = "carveout_host_start")]
        private static extern uint HostStart(int index);

        [DllImport(Library, EntryPoint = "carveout_host_read")]
        private static extern int HostRead(uint address, [In, Out] byte[] buffer, int capacity, int offset, int length);

        [DllImport(Library, EntryPoint = "carveout_host_write")]
        private static extern int HostWrite(uint address, byte[] buffer, int capacity, int offset, int length);

        [DllImport(Library, EntryPoint = "carveout_posix_reserve")]
        private static extern int HostReserve(int index, uint address, uint size, int cacheLine);
    }
}
