using System;
using Carveout.Board;

namespace Carveout
{
    /// <summary>Several regions as one memory. Each call goes to the region that contains the address, and must end in it.</summary>
    internal sealed class JoinedMemory : PhysicalMemory
    {
        private readonly ReservedMemory[] _regions;

        /// <summary>Holds bytes on the way from one region to another. It is used while it is locked.</summary>
        private readonly byte[] _piece = new byte[256];

        internal JoinedMemory(ReservedMemory[] regions) => _regions = regions;

        public override void Fill(uint address, int length, byte value) => Of(address).Fill(address, length, value);

        public override void Copy(uint source, uint destination, int length)
        {
            ReservedMemory from = Of(source), to = Of(destination);
            if (from == to)
            {
                from.Copy(source, destination, length);
                return;
            }
            // Both spans are checked before the first byte moves.
            Judge(from, source, length);
            Judge(to, destination, length);
            lock (_piece)
            {
                for (int done = 0; done < length; done += _piece.Length)
                {
                    int part = length - done < _piece.Length ? length - done : _piece.Length;
                    from.Read(source + (uint)done, _piece, 0, part);
                    to.Write(destination + (uint)done, _piece, 0, part);
                }
            }
        }

        public override void Read(uint address, byte[] buffer, int offset, int length) => Of(address).Read(address, buffer, offset, length);

        public override void Write(uint address, byte[] buffer, int offset, int length) => Of(address).Write(address, buffer, offset, length);

        public override bool TryGetArray(uint address, int length, out byte[]? array, out int offset) =>
            Of(address).TryGetArray(address, length, out array, out offset);

        public override byte ReadByte(uint address) => Of(address).ReadByte(address);

        public override ushort ReadUInt16(uint address) => Of(address).ReadUInt16(address);

        public override int ReadInt32(uint address) => Of(address).ReadInt32(address);

        public override void WriteByte(uint address, byte value) => Of(address).WriteByte(address, value);

        public override void WriteUInt16(uint address, ushort value) => Of(address).WriteUInt16(address, value);

        public override void WriteInt32(uint address, int value) => Of(address).WriteInt32(address, value);

        public override void CleanCache(uint address, int length) => Of(address).CleanCache(address, length);

        public override void InvalidateCache(uint address, int length) => Of(address).InvalidateCache(address, length);

        private static void Judge(ReservedMemory region, uint address, int length)
        {
            uint offset = address - region.Start;
            if (length < 0 || offset > region.Size || (uint)length > region.Size - offset)
            {
                throw new ArgumentOutOfRangeException(nameof(length), length.ToString() + " bytes at " + HexText.Of(address)
                    + " do not lie in region " + HexText.OfSpan(region.Start, region.Size));
            }
        }

        /// <summary>The region that contains an address; else the first one, which then refuses the address. The address behind the last
        /// byte of a region belongs to it, too, for a length of 0.</summary>
        private ReservedMemory Of(uint address)
        {
            ReservedMemory found = _regions[0];
            for (int i = 0; i < _regions.Length; i++)
            {
                uint offset = address - _regions[i].Start;
                if (offset < _regions[i].Size)
                {
                    return _regions[i];
                }
                if (offset == _regions[i].Size)
                {
                    found = _regions[i];
                }
            }
            return found;
        }
    }
}
