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

        /// <summary>Copies; the spans may overlap. By words wherever they begin, since ARMv7 loads and stores those at any address, and four at a
        /// time, as a native memmove does: a loop's counter and branch cost as much as a copy.</summary>
        internal static void Move(byte* to, byte* from, uint length)
        {
            if (to <= from)
            {
                for (; length >= 16; length -= 16)
                {
                    ((uint*)to)[0] = ((uint*)from)[0];
                    ((uint*)to)[1] = ((uint*)from)[1];
                    ((uint*)to)[2] = ((uint*)from)[2];
                    ((uint*)to)[3] = ((uint*)from)[3];
                    to += 16;
                    from += 16;
                }
                for (; length >= 4; length -= 4)
                {
                    *(uint*)to = *(uint*)from;
                    to += 4;
                    from += 4;
                }
                for (; length != 0; length--)
                {
                    *to++ = *from++;
                }
                return;
            }
            to += length;
            from += length;
            for (; length >= 16; length -= 16)
            {
                to -= 16;
                from -= 16;
                ((uint*)to)[3] = ((uint*)from)[3];
                ((uint*)to)[2] = ((uint*)from)[2];
                ((uint*)to)[1] = ((uint*)from)[1];
                ((uint*)to)[0] = ((uint*)from)[0];
            }
            for (; length >= 4; length -= 4)
            {
                to -= 4;
                from -= 4;
                *(uint*)to = *(uint*)from;
            }
            for (; length != 0; length--)
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
