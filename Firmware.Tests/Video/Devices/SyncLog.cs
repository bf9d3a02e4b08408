using Carveout.Board;

namespace Carveout.Firmware.Tests.Video.Devices
{
    /// <summary>Memory that counts the bytes that were cleaned and invalidated.</summary>
    internal sealed class SyncLog : PhysicalMemory
    {
        private readonly PhysicalMemory _memory;

        internal SyncLog(PhysicalMemory memory)
        {
            _memory = memory;
        }

        internal int Cleaned { get; set; }

        internal int Discarded { get; set; }

        public override void Fill(uint address, int length, byte value)
        {
            _memory.Fill(address, length, value);
        }

        public override void Copy(uint source, uint destination, int length)
        {
            _memory.Copy(source, destination, length);
        }

        public override void Read(uint address, byte[] buffer, int offset, int length)
        {
            _memory.Read(address, buffer, offset, length);
        }

        public override void Write(uint address, byte[] buffer, int offset, int length)
        {
            _memory.Write(address, buffer, offset, length);
        }

        public override void CleanCache(uint address, int length)
        {
            Cleaned += length;
        }

        public override void InvalidateCache(uint address, int length)
        {
            Discarded += length;
        }
    }
}
