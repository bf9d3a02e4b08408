using System;

namespace Carveout.Board
{
    /// <summary>The bytes behind physical addresses. The allocator touches them only to zero pages and to harden them; drivers and
    /// compaction read and write them.</summary>
    /// <remarks>Every method takes a span that lies in one region (in <see cref="ManagedMemory"/>: in one bank). For any other it throws
    /// ArgumentOutOfRangeException, which names the address, and changes nothing. A length of 0 is allowed at any valid address. <see
    /// cref="ReadInt32"/> and the other calls for numbers go through an array that is made for the call, unless a derived class overrides
    /// them. Threads may use different bytes at the same time; callers that share bytes must synchronize.</remarks>
    public abstract class PhysicalMemory
    {
        /// <summary>Sets <paramref name="length"/> bytes to <paramref name="value"/>.</summary>
        /// <param name="address">Physical, of the first byte.</param>
        /// <param name="length">Bytes, 0 or more.</param>
        /// <param name="value">The value of each byte afterwards.</param>
        /// <exception cref="ArgumentOutOfRangeException">The span does not lie in one region.</exception>
        public abstract void Fill(uint address, int length, byte value);

        /// <summary>Copies <paramref name="length"/> bytes; source and destination may overlap, as memmove allows.</summary>
        /// <param name="source">Physical address of the first byte to read.</param>
        /// <param name="destination">Physical address of the first byte to write.</param>
        /// <param name="length">Bytes, 0 or more.</param>
        /// <exception cref="ArgumentOutOfRangeException">One of the spans does not lie in one region.</exception>
        public abstract void Copy(uint source, uint destination, int length);

        /// <summary>Copies out of memory into <paramref name="buffer"/> from <paramref name="offset"/> on.</summary>
        /// <param name="address">Physical, of the first byte to read.</param>
        /// <param name="buffer">Takes the bytes.</param>
        /// <param name="offset">Where in it the first one goes.</param>
        /// <param name="length">Bytes, 0 or more; the buffer must have them from the offset on.</param>
        /// <exception cref="ArgumentOutOfRangeException">The span does not lie in one region, or the buffer does not have the bytes.</exception>
        public abstract void Read(uint address, byte[] buffer, int offset, int length);

        /// <summary>Copies <paramref name="length"/> bytes of <paramref name="buffer"/> from <paramref name="offset"/> on into memory.</summary>
        /// <inheritdoc cref="Read(uint, byte[], int, int)"/>
        /// <param name="address">Physical, of the first byte to write.</param>
        /// <param name="buffer">Holds the bytes.</param>
        /// <param name="offset">Where in it they begin.</param>
        public abstract void Write(uint address, byte[] buffer, int offset, int length);

        /// <summary>The array that a span lies in, if there is one, for callers that want a <c>byte[]</c> without a copy.</summary>
        /// <remarks>Only <see cref="ManagedMemory"/> has arrays. Memory that the firmware reserved has none. Memory that watches accesses
        /// gives out none, since it would not see what is done with them.</remarks>
        /// <param name="address">Physical, of the first byte.</param>
        /// <param name="length">Bytes, 0 or more.</param>
        /// <param name="array">The array, which holds other spans, too; null if there is none.</param>
        /// <param name="offset">The first byte's offset in it; 0 if there is none.</param>
        /// <returns>Whether there is an array.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The span does not lie in one bank.</exception>
        public virtual bool TryGetArray(uint address, int length, out byte[]? array, out int offset)
        {
            array = null;
            offset = 0;
            return false;
        }

        /// <summary>One byte.</summary>
        /// <param name="address">Physical.</param>
        /// <returns>Its value.</returns>
        /// <exception cref="ArgumentOutOfRangeException">No region has it.</exception>
        public virtual byte ReadByte(uint address)
        {
            return ReadNumber(address, 1)[0];
        }

        /// <summary>Two bytes as a number, the lower one first, at any address. A device may see it as more than one access.</summary>
        /// <param name="address">Physical, of the lower byte.</param>
        /// <returns>The number.</returns>
        /// <exception cref="ArgumentOutOfRangeException">They do not lie in one region.</exception>
        public virtual ushort ReadUInt16(uint address)
        {
            byte[] bytes = ReadNumber(address, 2);
            return (ushort)(bytes[0] | bytes[1] << 8);
        }

        /// <summary>Four bytes as a number, the lowest one first, at any address. A device may see it as more than one access.</summary>
        /// <param name="address">Physical, of the lowest byte.</param>
        /// <returns>The number.</returns>
        /// <exception cref="ArgumentOutOfRangeException">They do not lie in one region.</exception>
        public virtual int ReadInt32(uint address)
        {
            byte[] bytes = ReadNumber(address, 4);
            return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | bytes[3] << 24;
        }

        /// <summary>Sets one byte.</summary>
        /// <param name="address">Physical.</param>
        /// <param name="value">Its value afterwards.</param>
        /// <exception cref="ArgumentOutOfRangeException">No region has it.</exception>
        public virtual void WriteByte(uint address, byte value)
        {
            Fill(address, 1, value);
        }

        /// <summary>Writes a number as two bytes, the lower one first, at any address. A device may see it as more than one access.</summary>
        /// <param name="address">Physical, of the lower byte.</param>
        /// <param name="value">The number.</param>
        /// <exception cref="ArgumentOutOfRangeException">They do not lie in one region; nothing was written.</exception>
        public virtual void WriteUInt16(uint address, ushort value)
        {
            Write(address, new byte[] { (byte)value, (byte)(value >> 8) }, 0, 2);
        }

        /// <summary>Writes a number as four bytes, the lowest one first, at any address. A device may see it as more than one access.</summary>
        /// <param name="address">Physical, of the lowest byte.</param>
        /// <param name="value">The number.</param>
        /// <exception cref="ArgumentOutOfRangeException">They do not lie in one region; nothing was written.</exception>
        public virtual void WriteInt32(uint address, int value)
        {
            Write(address, new byte[] { (byte)value, (byte)(value >> 8), (byte)(value >> 16), (byte)(value >> 24) }, 0, 4);
        }

        /// <summary>Writes back every line of the CPU's data cache that the span touches, so that a DMA engine reads what the CPU wrote.
        /// A neighbour's bytes in the first and the last line are written back too, which does no harm. If the CPU does not cache
        /// the span, nothing happens.</summary>
        /// <param name="address">Physical, of the first byte.</param>
        /// <param name="length">Bytes, 0 or more.</param>
        /// <exception cref="ArgumentOutOfRangeException">The span does not lie in one region.</exception>
        public abstract void CleanCache(uint address, int length);

        /// <summary>Discards every line of the CPU's data cache that the span touches, so that the CPU reads what a DMA engine wrote.
        /// Whole lines are discarded: if the span begins or ends inside a line, what a neighbour wrote to the rest of that line and
        /// nobody cleaned is lost. If the CPU does not cache the span, nothing happens.</summary>
        /// <inheritdoc cref="CleanCache(uint, int)"/>
        public abstract void InvalidateCache(uint address, int length);

        private byte[] ReadNumber(uint address, int length)
        {
            var bytes = new byte[length];
            Read(address, bytes, 0, length);
            return bytes;
        }

        /// <summary>For implementations: the exception to throw if <c>offset &lt; 0 || offset &gt; buffer.Length - length</c>, or if there
        /// is no buffer.</summary>
        /// <remarks>Implementations check before they call Array.Copy. Its own check adds offset and length; on the device a sum beyond
        /// 2,147,483,647 passes that check, and the copy then writes outside of the array.</remarks>
        /// <param name="buffer">The caller's; null where there is none.</param>
        /// <param name="offset">Where in it the bytes were to begin.</param>
        /// <param name="length">How many bytes were asked for.</param>
        /// <returns>An ArgumentNullException, or an ArgumentOutOfRangeException with the numbers.</returns>
        protected static Exception NotInBuffer(byte[]? buffer, int offset, int length)
        {
            return buffer == null ? (Exception)new ArgumentNullException(nameof(buffer))
                : new ArgumentOutOfRangeException(nameof(offset), length.ToString() + " bytes from " + offset.ToString()
                    + " on do not lie in a buffer of " + buffer.Length.ToString() + " bytes");
        }
    }
}
