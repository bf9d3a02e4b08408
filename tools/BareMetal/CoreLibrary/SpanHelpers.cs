namespace System
{
    /// <summary>Moves and clears memory. The compiler calls the first two methods by name.</summary>
    internal static unsafe class SpanHelpers
    {
        internal static void Memmove(ref byte destination, ref byte source, nuint length)
        {
            fixed (byte* to = &destination, from = &source)
            {
                Move(to, from, (uint)length);
            }
        }

        internal static void ClearWithoutReferences(ref byte start, nuint length)
        {
            fixed (byte* at = &start)
            {
                Fill(at, (uint)length, 0);
            }
        }

        /// <summary>Copies, by words or half words if both addresses allow it; the spans may overlap.</summary>
        internal static void Move(byte* to, byte* from, uint length)
        {
            uint ends = (uint)to | (uint)from;
            if ((ends & 3) != 0 && ((ends | length) & 1) == 0)
            {
                MoveHalves((ushort*)to, (ushort*)from, length >> 1);
                return;
            }
            uint words = (ends & 3) == 0 ? length >> 2 : 0;
            if (to <= from)
            {
                for (uint i = 0; i < words; i++)
                {
                    ((uint*)to)[i] = ((uint*)from)[i];
                }
                for (uint i = words << 2; i < length; i++)
                {
                    to[i] = from[i];
                }
                return;
            }
            for (uint i = length; i > words << 2; i--)
            {
                to[i - 1] = from[i - 1];
            }
            for (uint i = words; i > 0; i--)
            {
                ((uint*)to)[i - 1] = ((uint*)from)[i - 1];
            }
        }

        /// <summary>Copies four at a time, as a native memmove does, since a loop's counter and branch cost as much as a copy.</summary>
        private static void MoveHalves(ushort* to, ushort* from, uint count)
        {
            if (to <= from)
            {
                for (; count >= 4; count -= 4)
                {
                    to[0] = from[0];
                    to[1] = from[1];
                    to[2] = from[2];
                    to[3] = from[3];
                    to += 4;
                    from += 4;
                }
                for (; count != 0; count--)
                {
                    *to++ = *from++;
                }
                return;
            }
            to += count;
            from += count;
            for (; count >= 4; count -= 4)
            {
                to -= 4;
                from -= 4;
                to[3] = from[3];
                to[2] = from[2];
                to[1] = from[1];
                to[0] = from[0];
            }
            for (; count != 0; count--)
            {
                *--to = *--from;
            }
        }

        /// <summary>Sets every byte to <paramref name="value"/>, by words if the start allows it.</summary>
        internal static void Fill(byte* start, uint length, byte value)
        {
            uint words = ((uint)start & 3) == 0 ? length >> 2 : 0;
            for (uint i = 0; i < words; i++)
            {
                ((uint*)start)[i] = value * 0x01010101u;
            }
            for (uint i = words << 2; i < length; i++)
            {
                start[i] = value;
            }
        }
    }
}
