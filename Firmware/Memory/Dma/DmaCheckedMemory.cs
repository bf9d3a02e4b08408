using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>Memory for the CPU's side of a program that refuses to touch what a device owns.</summary>
    /// <remarks>The kernel's rules for directions (Documentation/core-api/dma-api.rst): ToDevice is for the device to read only, FromDevice for the
    /// driver. So reading what is mapped ToDevice is allowed, as neither sees a change; and writing to what is mapped FromDevice is refused even
    /// where SyncForCpu handed it to the CPU, as the write might be lost. Everything else needs SyncForCpu or UnmapSingle first. For debugging and
    /// for tests: each access searches the table of mappings under the page allocator's lock.</remarks>
    /// <exception cref="InvalidOperationException">A device owns one of the bytes of a call; the call does nothing.</exception>
    public sealed class DmaCheckedMemory : PhysicalMemory
    {
        private readonly PhysicalMemory _memory;
        private readonly DmaMappings _table;
        private readonly AllocatorLock? _lock;

        /// <summary>The memory of a DMA allocator, as the CPU may use it.</summary>
        /// <param name="dma">Its mappings tell who owns the bytes; allowed accesses go to its memory.</param>
        public DmaCheckedMemory(DmaAllocator dma)
        {
            Misuse.Given(dma, nameof(dma));
            _memory = dma.Memory;
            _table = dma.Table;
            _lock = dma.Lock;
        }

        /// <inheritdoc/>
        public override void Fill(uint address, int length, byte value)
        {
            Check(address, length, true);
            _memory.Fill(address, length, value);
        }

        /// <inheritdoc/>
        public override void Copy(uint source, uint destination, int length)
        {
            Check(source, length, false);
            Check(destination, length, true);
            _memory.Copy(source, destination, length);
        }

        /// <inheritdoc/>
        public override void Read(uint address, byte[] buffer, int offset, int length)
        {
            Check(address, length, false);
            _memory.Read(address, buffer, offset, length);
        }

        /// <inheritdoc/>
        public override void Write(uint address, byte[] buffer, int offset, int length)
        {
            Check(address, length, true);
            _memory.Write(address, buffer, offset, length);
        }

        /// <inheritdoc/>
        public override byte ReadByte(uint address)
        {
            Check(address, 1, false);
            return _memory.ReadByte(address);
        }

        /// <inheritdoc/>
        public override ushort ReadUInt16(uint address)
        {
            Check(address, 2, false);
            return _memory.ReadUInt16(address);
        }

        /// <inheritdoc/>
        public override int ReadInt32(uint address)
        {
            Check(address, 4, false);
            return _memory.ReadInt32(address);
        }

        /// <inheritdoc/>
        public override void WriteByte(uint address, byte value)
        {
            Check(address, 1, true);
            _memory.WriteByte(address, value);
        }

        /// <inheritdoc/>
        public override void WriteUInt16(uint address, ushort value)
        {
            Check(address, 2, true);
            _memory.WriteUInt16(address, value);
        }

        /// <inheritdoc/>
        public override void WriteInt32(uint address, int value)
        {
            Check(address, 4, true);
            _memory.WriteInt32(address, value);
        }

        /// <inheritdoc/>
        public override void CleanCache(uint address, int length) => _memory.CleanCache(address, length);

        /// <inheritdoc/>
        /// <exception cref="InvalidOperationException">A device owns a byte of the span: its mapping sees to the cache.</exception>
        public override void InvalidateCache(uint address, int length)
        {
            Check(address, length, true);
            _memory.InvalidateCache(address, length);
        }

        private void Check(uint address, int length, bool writes)
        {
            if (length < 1 || _table.Live == 0)
            {
                return;
            }
            if (_lock != null)
            {
                _lock.Acquire();
            }
            int entry = _table.FindHeld(address, length, writes);
            if (_lock != null)
            {
                _lock.Release();
            }
            if (entry >= 0)
            {
                throw DmaMisuse.Held(_table, entry, address, length, writes);
            }
        }
    }
}
