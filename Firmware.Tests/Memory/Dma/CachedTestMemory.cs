using System;
using Carveout.Board;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Memory behind an unlimited write-back cache. The CPU sees the cache and devices see the memory behind it, and the two
    /// differ until somebody cleans or invalidates. So a forgotten clean or invalidate shows as wrong bytes.</summary>
    internal sealed class CachedTestMemory : PhysicalMemory
    {
        private const int Most = 6;

        private readonly CachedSpan[] _spans = new CachedSpan[Most];
        private int _count;

        internal int Cleans;
        internal int Invalidations;

        /// <summary>Adds memory.</summary>
        /// <param name="line">Bytes of a cache line; 0 if it is not cached.</param>
        internal void Add(uint start, int size, int line)
        {
            _spans[_count++] = new CachedSpan(start, size, line);
        }

        public override void Fill(uint address, int length, byte value)
        {
            CachedSpan span = Find(address, length);
            for (int i = 0; i < length; i++)
            {
                span.Write((int)(address - span.Start) + i, value);
            }
        }

        public override void Copy(uint source, uint destination, int length)
        {
            var moved = new byte[length];
            Read(source, moved, 0, length);
            Write(destination, moved, 0, length);
        }

        public override void Read(uint address, byte[] buffer, int offset, int length)
        {
            CachedSpan span = Find(address, length);
            for (int i = 0; i < length; i++)
            {
                buffer[offset + i] = span.Read((int)(address - span.Start) + i);
            }
        }

        public override void Write(uint address, byte[] buffer, int offset, int length)
        {
            CachedSpan span = Find(address, length);
            for (int i = 0; i < length; i++)
            {
                span.Write((int)(address - span.Start) + i, buffer[offset + i]);
            }
        }

        public override void CleanCache(uint address, int length)
        {
            Cleans++;
            Find(address, length).Clean((int)(address - Find(address, length).Start), length);
        }

        public override void InvalidateCache(uint address, int length)
        {
            Invalidations++;
            Find(address, length).Invalidate((int)(address - Find(address, length).Start), length);
        }

        /// <summary>What a device reads, past the cache; the address is the CPU's.</summary>
        internal byte DeviceRead(uint address)
        {
            CachedSpan span = Find(address, 1);
            return span.Ram[(int)(address - span.Start)];
        }

        /// <summary>What a device writes, past the cache; the address is the CPU's.</summary>
        internal void DeviceWrite(uint address, byte value)
        {
            CachedSpan span = Find(address, 1);
            span.Ram[(int)(address - span.Start)] = value;
        }

        /// <summary>What a cache may do at any time: it fetches the line at an address; or, if it has the line, it drops it, after writing
        /// it back if it is dirty.</summary>
        internal void Turn(uint address)
        {
            CachedSpan span = Find(address, 1);
            span.Turn((int)(address - span.Start));
        }

        private CachedSpan Find(uint address, int length)
        {
            for (int i = 0; i < _count; i++)
            {
                CachedSpan span = _spans[i];
                if (address - span.Start < (uint)span.Ram.Length && length >= 0
                    && length <= span.Ram.Length - (int)(address - span.Start))
                {
                    return span;
                }
            }
            throw new ArgumentOutOfRangeException(nameof(address), length.ToString() + " bytes at " + HexText.Of(address));
        }

        private sealed class CachedSpan
        {
            private const byte Absent = 0, Same = 1, Dirty = 2;

            internal readonly uint Start;
            internal readonly byte[] Ram;
            private readonly byte[] _cache, _state;
            private readonly int _line;

            internal CachedSpan(uint start, int size, int line)
            {
                Start = start;
                Ram = new byte[size];
                _line = line;
                _cache = new byte[line == 0 ? 0 : size];
                _state = new byte[line == 0 ? 0 : size / line];
            }

            internal byte Read(int at)
            {
                if (_line == 0)
                {
                    return Ram[at];
                }
                Fetch(at / _line);
                return _cache[at];
            }

            internal void Write(int at, byte value)
            {
                if (_line == 0)
                {
                    Ram[at] = value;
                    return;
                }
                Fetch(at / _line);
                _cache[at] = value;
                _state[at / _line] = Dirty;
            }

            internal void Clean(int at, int length)
            {
                for (int line = at / Size; _line != 0 && length > 0 && line <= (at + length - 1) / Size; line++)
                {
                    WriteBack(line);
                }
            }

            internal void Invalidate(int at, int length)
            {
                for (int line = at / Size; _line != 0 && length > 0 && line <= (at + length - 1) / Size; line++)
                {
                    _state[line] = Absent;
                }
            }

            internal void Turn(int at)
            {
                if (_line == 0)
                {
                    return;
                }
                if (_state[at / _line] == Absent)
                {
                    Fetch(at / _line);
                    return;
                }
                WriteBack(at / _line);
                _state[at / _line] = Absent;
            }

            private int Size { get { return _line == 0 ? 1 : _line; } }

            private void Fetch(int line)
            {
                if (_state[line] == Absent)
                {
                    Array.Copy(Ram, line * _line, _cache, line * _line, _line);
                    _state[line] = Same;
                }
            }

            private void WriteBack(int line)
            {
                if (_state[line] == Dirty)
                {
                    Array.Copy(_cache, line * _line, Ram, line * _line, _line);
                    _state[line] = Same;
                }
            }
        }
    }
}
