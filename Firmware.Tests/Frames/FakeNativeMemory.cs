using Carveout.Board;

namespace Carveout.Firmware.Tests.Frames
{
    /// <summary>Memory at a chosen address, like a native reservation.</summary>
    internal sealed class FakeNativeMemory : ReservedMemory
    {
        private readonly ManagedMemory _bytes;

        internal FakeNativeMemory(uint start, int size, int cacheLine)
            : base("fake", start, (uint)size, cacheLine)
        {
            _bytes = new ManagedMemory(ManagedMemory.BankStride, size);
        }

        public override void Fill(uint address, int length, byte value) { _bytes.Fill(At(address), length, value); }

        public override void Copy(uint source, uint destination, int length) { _bytes.Copy(At(source), At(destination), length); }

        public override void Read(uint address, byte[] buffer, int offset, int length) { _bytes.Read(At(address), buffer, offset, length); }

        public override void Write(uint address, byte[] buffer, int offset, int length) { _bytes.Write(At(address), buffer, offset, length); }

        public override void CleanCache(uint address, int length) { _bytes.CleanCache(At(address), length); }

        public override void InvalidateCache(uint address, int length) { _bytes.InvalidateCache(At(address), length); }

        private uint At(uint address)
        {
            return address - Start + ManagedMemory.BankStride;
        }
    }
}
