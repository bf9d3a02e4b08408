// The host project that compiles this file too has nullable annotations on.
#nullable disable
using System;
using Carveout.Board;

namespace Carveout.Firmware.Tests
{
    /// <summary>Checks the contract of <see cref="PhysicalMemory"/> on any implementation. Each method returns the first error or null, so
    /// callers can use any test framework.</summary>
    public sealed class PhysicalMemoryContract
    {
        /// <summary>The most bytes that the methods use.</summary>
        public const int Size = 4500;

        private const int Filling = 0, CopyingFrom = 1, CopyingTo = 2, Reading = 3, Writing = 4, Cleaning = 5, Invalidating = 6;

        private readonly PhysicalMemory _memory;
        private readonly uint _start;
        private readonly int _size;

        /// <param name="memory">The memory.</param>
        /// <param name="start">The start of one of its regions.</param>
        /// <param name="size">Bytes of that region, <see cref="Size"/> or more.</param>
        public PhysicalMemoryContract(PhysicalMemory memory, uint start, int size)
        {
            if (size < Size)
            {
                throw new ArgumentOutOfRangeException(nameof(size));
            }
            _memory = memory;
            _start = start;
            _size = size;
        }

        /// <summary>How many operations <see cref="RefusalOf"/> knows: those of PhysicalMemory, with Copy counted twice.</summary>
        public static int Operations { get { return Invalidating + 1; } }

        /// <summary>Bytes that repeat with a period that is no power of two.</summary>
        public static byte[] Pattern(int size)
        {
            var bytes = new byte[size];
            for (int i = 0; i < size; i++)
            {
                bytes[i] = (byte)(i % 251);
            }
            return bytes;
        }

        /// <summary>Tries an operation on a span. For a copy, the other span begins at the region's start.</summary>
        /// <returns>The message of the ArgumentOutOfRangeException, or null if there was none.</returns>
        public string RefusalOf(int operation, uint address, int length, byte[] buffer)
        {
            try
            {
                switch (operation)
                {
                    case Filling: _memory.Fill(address, length, 0xEE); break;
                    case CopyingFrom: _memory.Copy(address, _start, length); break;
                    case CopyingTo: _memory.Copy(_start, address, length); break;
                    case Reading: _memory.Read(address, buffer, 0, length); break;
                    case Writing: _memory.Write(address, buffer, 0, length); break;
                    case Cleaning: _memory.CleanCache(address, length); break;
                    default: _memory.InvalidateCache(address, length); break;
                }
            }
            catch (ArgumentOutOfRangeException e)
            {
                return e.Message;
            }
            return "";
        }

        /// <summary>Numbers are stored with the lowest byte first, at odd addresses as at even ones, and change no byte beside them.</summary>
        public string NumbersHaveTheirLowestByteFirstAtAnyAddress()
        {
            var bytes = new byte[12];
            for (uint at = _start + 4; at < _start + 8; at++)
            {
                _memory.Fill(_start, bytes.Length, 0x55);
                _memory.WriteInt32(at, unchecked((int)0x87654321));
                _memory.Read(_start, bytes, 0, bytes.Length);
                int i = (int)(at - _start);
                if (bytes[i - 1] != 0x55 || bytes[i] != 0x21 || bytes[i + 1] != 0x43 || bytes[i + 2] != 0x65 || bytes[i + 3] != 0x87
                    || bytes[i + 4] != 0x55 || _memory.ReadInt32(at) != unchecked((int)0x87654321))
                {
                    return "Int32 at " + i.ToString();
                }
                _memory.WriteUInt16(at + 1, 0xCAFE);
                _memory.WriteByte(at, 0x99);
                if (_memory.ReadInt32(at) != unchecked((int)0x87CAFE99) || _memory.ReadUInt16(at + 1) != 0xCAFE || _memory.ReadByte(at) != 0x99
                    || _memory.ReadByte(at + 3) != 0x87 || _memory.ReadByte(at + 4) != 0x55)
                {
                    return "UInt16 and byte at " + i.ToString();
                }
            }
            return "";
        }

        /// <summary>A number that begins in the region and ends outside is refused, and the bytes there stay.</summary>
        public string ANumberThatLeavesTheRegionIsRefused()
        {
            uint end = _start + (uint)(_size - 1);
            _memory.Fill(end - 3, 4, 0x66);
            for (int i = 0; i < 6; i++)
            {
                bool refused = false;
                try
                {
                    switch (i)
                    {
                        case 0: _memory.ReadInt32(end - 2); break;
                        case 1: _memory.WriteInt32(end - 2, 0); break;
                        case 2: _memory.ReadUInt16(end); break;
                        case 3: _memory.WriteUInt16(end, 0); break;
                        case 4: _memory.ReadByte(_start - 1); break;
                        default: _memory.WriteByte(_start - 1, 0); break;
                    }
                }
                catch (ArgumentOutOfRangeException)
                {
                    refused = true;
                }
                if (!refused || _memory.ReadInt32(end - 3) != 0x66666666)
                {
                    return "operation " + i.ToString();
                }
            }
            return "";
        }

        /// <summary>Fills around each length at which the algorithm may change.</summary>
        public string FillSetsExactlyItsBytes()
        {
            const int Before = 3;
            int[] powers = { 1, 2, 128, 256, 512, 768, 1024, 2048, 4096 };
            for (int i = 0; i < powers.Length; i++)
            {
                for (int length = powers[i] - 1; length <= powers[i] + 1; length++)
                {
                    byte[] expected = SetPattern();
                    for (int j = 0; j < length; j++)
                    {
                        expected[Before + j] = 0xEE;
                    }
                    _memory.Fill(_start + Before, length, 0xEE);
                    string wrong = Difference(expected, Contents(), "fill of " + length.ToString());
                    if (wrong != "")
                    {
                        return wrong;
                    }
                }
            }
            return "";
        }

        /// <summary>Copies up, down and in place, by less than the length.</summary>
        public string CopyIsRightWhereItsSpansOverlap()
        {
            const int From = 200, Length = 700;
            int[] distances = { -200, -1, 0, 1, 200 };
            for (int i = 0; i < distances.Length; i++)
            {
                byte[] expected = SetPattern(), source = Pattern(Size);
                int to = From + distances[i];
                for (int j = 0; j < Length; j++)
                {
                    expected[to + j] = source[From + j];
                }
                _memory.Copy(_start + From, _start + (uint)to, Length);
                string wrong = Difference(expected, Contents(), "copy by " + distances[i].ToString());
                if (wrong != "")
                {
                    return wrong;
                }
            }
            return "";
        }

        /// <summary>Copies a part in the middle of a buffer and of the memory.</summary>
        public string ReadAndWriteKeepToTheirPartOfTheBuffer()
        {
            byte[] expected = SetPattern();
            var buffer = new byte[100];
            var read = new byte[100];
            _memory.Read(_start + 500, buffer, 10, 80);
            for (int i = 0; i < 80; i++)
            {
                read[10 + i] = (byte)((500 + i) % 251);
                expected[20 + i] = (byte)((500 + i) % 251);
            }
            _memory.Write(_start + 20, buffer, 10, 80);
            string wrong = Difference(read, buffer, "read");
            return wrong != "" ? wrong : Difference(expected, Contents(), "write");
        }

        /// <summary>Every operation refuses a span that does not lie in the region, with the message, and changes nothing.</summary>
        public string IsRefusedAndNothingChanges(uint address, int length, string words)
        {
            byte[] expected = SetPattern(), pattern = Pattern(512);
            for (int operation = 0; operation < Operations; operation++)
            {
                byte[] buffer = Pattern(512);
                string name = "operation " + operation.ToString() + ", " + length.ToString() + " bytes at " + HexText.Of(address);
                string message = RefusalOf(operation, address, length, buffer);
                if (message.IndexOf(words) < 0 || message == "")
                {
                    return name + ": '" + message + "' has not '" + words + "'";
                }
                string wrong = Difference(expected, Contents(), name + ": memory") + Difference(pattern, buffer, name + ": buffer");
                if (wrong != "")
                {
                    return wrong;
                }
            }
            return "";
        }

        /// <summary>At the first byte, and behind the last.</summary>
        public string ALengthOfZeroIsAllowedAndChangesNothing()
        {
            byte[] expected = SetPattern(), buffer = Pattern(512);
            for (int operation = 0; operation < Operations; operation++)
            {
                string message = RefusalOf(operation, _start, 0, buffer) + RefusalOf(operation, _start + (uint)_size, 0, buffer);
                if (message != "")
                {
                    return "operation " + operation.ToString() + ": " + message;
                }
            }
            string wrong = Difference(expected, Contents(), "memory");
            return wrong != "" ? wrong : Difference(Pattern(512), buffer, "buffer");
        }

        /// <summary>One byte too many; an offset behind the end; an offset before the start; an offset that overflows.</summary>
        public string ABufferThatIsTooShortIsRefusedAndNothingChanges()
        {
            int[] offsets = { 1, 101, -1, int.MinValue, int.MaxValue };
            byte[] expected = SetPattern(), buffer = Pattern(100);
            for (int i = 0; i < offsets.Length; i++)
            {
                for (int write = 0; write < 2; write++)
                {
                    string name = (write == 1 ? "write from offset " : "read to offset ") + offsets[i].ToString();
                    Exception refusal = RefusalOf(write == 1, buffer, offsets[i], 100);
                    if (refusal == null || refusal.GetType() != typeof(ArgumentOutOfRangeException)
                        || refusal.Message.IndexOf("100 bytes from " + offsets[i].ToString() + " on do not lie in a buffer of 100") < 0)
                    {
                        return name + (refusal == null ? " was not refused" : ": " + refusal.GetType().Name + ": " + refusal.Message);
                    }
                    string wrong = Difference(expected, Contents(), name + ": memory") + Difference(Pattern(100), buffer, name + ": buffer");
                    if (wrong != "")
                    {
                        return wrong;
                    }
                }
            }
            return "";
        }

        public string NoBufferIsRefusedAndNothingChanges()
        {
            byte[] expected = SetPattern();
            for (int write = 0; write < 2; write++)
            {
                Exception refusal = RefusalOf(write == 1, null, 0, 100);
                if (refusal == null || refusal.GetType() != typeof(ArgumentNullException))
                {
                    return (write == 1 ? "write" : "read") + (refusal == null ? " was not refused" : ": " + refusal.GetType().Name);
                }
            }
            return Difference(expected, Contents(), "memory");
        }

        private Exception RefusalOf(bool write, byte[] buffer, int offset, int length)
        {
            try
            {
                if (write)
                {
                    _memory.Write(_start, buffer, offset, length);
                }
                else
                {
                    _memory.Read(_start, buffer, offset, length);
                }
            }
            catch (Exception e)
            {
                return e;
            }
            return null;
        }

        private byte[] SetPattern()
        {
            _memory.Write(_start, Pattern(Size), 0, Size);
            return Pattern(Size);
        }

        private byte[] Contents()
        {
            var bytes = new byte[Size];
            _memory.Read(_start, bytes, 0, Size);
            return bytes;
        }

        private static string Difference(byte[] expected, byte[] actual, string what)
        {
            for (int i = 0; i < expected.Length; i++)
            {
                if (expected[i] != actual[i])
                {
                    return what + ": byte " + i.ToString() + " is " + actual[i].ToString() + ", expected " + expected[i].ToString();
                }
            }
            return "";
        }
    }
}
