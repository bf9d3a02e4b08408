using System;

namespace Carveout.Board.Native
{
    /// <summary>A region that the firmware reserved at build time, reached through native code. It does not move, its addresses are real,
    /// and DMA engines may work on it.</summary>
    /// <remarks>
    /// <para>Only the native side judges spans, against the reservation and against the array, and it touches nothing when it refuses. This
    /// class turns a refusal into an exception that names address, size and region.</para>
    /// <para>An application that refers to this assembly needs firmware that was built with its native half (docs/native.md). Stock
    /// firmware does not load it.</para>
    /// <para>The rules of <see cref="PhysicalMemory"/> for threads hold.</para>
    /// </remarks>
    public sealed class NativeRegion : ReservedMemory
    {
        private const string RegionName = "native";

        /// <summary>Numbers are read and written through this array. Lock it before use.</summary>
        private readonly byte[] _number = new byte[4];

        private NativeRegion(uint start, uint size, int cacheLine)
            : base(RegionName, start, size, cacheLine)
        {
        }

        /// <summary>A region of the firmware, or null if it reserved none of this number or could not. Managed banks are then the
        /// alternative.</summary>
        /// <remarks>The first call makes the firmware take the memory. A number means the same region, however often it is opened.</remarks>
        /// <param name="index">The region's number, from 0 on. Most firmware has one.</param>
        /// <returns>The region, with the same memory at every call; null if there is none.</returns>
        public static NativeRegion? Open(int index = 0)
        {
            uint start = NativeMethods.GetStart(index);
            return start == 0 ? null : new NativeRegion(start, NativeMethods.GetSize(index), NativeMethods.GetCacheLine(index));
        }

        /// <inheritdoc/>
        public override void Fill(uint address, int length, byte value)
        {
            int status = NativeMethods.Fill(address, length, value);
            if (status != NativeStatus.Done)
            {
                throw Refusal(status, address, length, null, 0);
            }
        }

        /// <inheritdoc/>
        public override void Copy(uint source, uint destination, int length)
        {
            int status = NativeMethods.Copy(source, destination, length);
            if (status != NativeStatus.Done)
            {
                throw Refusal(status, status == NativeStatus.OutsideDestination ? destination : source, length, null, 0);
            }
        }

        /// <inheritdoc/>
        public override void Read(uint address, byte[] buffer, int offset, int length)
        {
            int status = NativeMethods.Read(address, buffer, offset, length);
            if (status != NativeStatus.Done)
            {
                throw Refusal(status, address, length, buffer, offset);
            }
        }

        /// <inheritdoc/>
        public override void Write(uint address, byte[] buffer, int offset, int length)
        {
            int status = NativeMethods.Write(address, buffer, offset, length);
            if (status != NativeStatus.Done)
            {
                throw Refusal(status, address, length, buffer, offset);
            }
        }

        /// <inheritdoc/>
        public override byte ReadByte(uint address)
        {
            lock (_number)
            {
                Read(address, _number, 0, 1);
                return _number[0];
            }
        }

        /// <inheritdoc/>
        public override ushort ReadUInt16(uint address)
        {
            lock (_number)
            {
                Read(address, _number, 0, 2);
                return (ushort)(_number[0] | _number[1] << 8);
            }
        }

        /// <inheritdoc/>
        public override int ReadInt32(uint address)
        {
            lock (_number)
            {
                Read(address, _number, 0, 4);
                return _number[0] | _number[1] << 8 | _number[2] << 16 | _number[3] << 24;
            }
        }

        /// <inheritdoc/>
        public override void WriteUInt16(uint address, ushort value)
        {
            lock (_number)
            {
                _number[0] = (byte)value;
                _number[1] = (byte)(value >> 8);
                Write(address, _number, 0, 2);
            }
        }

        /// <inheritdoc/>
        public override void WriteInt32(uint address, int value)
        {
            lock (_number)
            {
                _number[0] = (byte)value;
                _number[1] = (byte)(value >> 8);
                _number[2] = (byte)(value >> 16);
                _number[3] = (byte)(value >> 24);
                Write(address, _number, 0, 4);
            }
        }

        /// <inheritdoc/>
        public override void CleanCache(uint address, int length)
        {
            int status = NativeMethods.CleanCache(address, length);
            if (status != NativeStatus.Done)
            {
                throw Refusal(status, address, length, null, 0);
            }
        }

        /// <inheritdoc/>
        public override void InvalidateCache(uint address, int length)
        {
            int status = NativeMethods.InvalidateCache(address, length);
            if (status != NativeStatus.Done)
            {
                throw Refusal(status, address, length, null, 0);
            }
        }

        private Exception Refusal(int status, uint address, int length, byte[]? buffer, int offset)
        {
            string span = length.ToString() + " bytes at " + HexText.Of(address), region = Name + " region " + HexText.OfSpan(Start, Size);
            switch (status)
            {
                case NativeStatus.OutsideRegion:
                case NativeStatus.OutsideDestination:
                    return new ArgumentOutOfRangeException(nameof(address), span + " do not lie in the " + region);
                case NativeStatus.NoBuffer:
                case NativeStatus.OutsideBuffer:
                    return NotInBuffer(buffer, offset, length);
                case NativeStatus.CacheFault:
                    return new InvalidOperationException(span + " of the " + region + ": the cache refused. Expected a firmware whose "
                        + "cache line is the one it was built for, " + CacheLine.ToString() + " bytes");
                default:
                    return new InvalidOperationException(span + " of the " + region + ": the native side answered "
                        + status.ToString() + ". Expected firmware of this assembly's version");
            }
        }
    }
}
