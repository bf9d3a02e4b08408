namespace Carveout.Board
{
    /// <summary>A part of a map as the validator compares it with others: a region, a reservation or a zone.</summary>
    internal sealed class MapSpan
    {
        internal readonly string What, Name;
        internal readonly uint Start, Size;

        private MapSpan(string what, string name, uint start, uint size)
        {
            What = what;
            Name = name;
            Start = start;
            Size = size;
        }

        internal static MapSpan Of(MemoryRegion region)
        {
            return new MapSpan("region", region.Name, region.Start, region.Size);
        }

        internal static MapSpan Of(Reservation reservation)
        {
            return new MapSpan("reservation", reservation.Name, reservation.Start, reservation.Size);
        }

        internal static MapSpan Of(ZonePlan zone)
        {
            return new MapSpan("zone", zone.Name, zone.Start, zone.Size);
        }

        /// <summary>Whether two spans share a byte; an empty span shares none.</summary>
        internal static bool Overlap(uint a, uint aSize, uint b, uint bSize)
        {
            return aSize > 0 && bSize > 0 && (ulong)a < (ulong)b + bSize && (ulong)b < (ulong)a + aSize;
        }

        internal static bool Overflows(uint start, uint size)
        {
            return (ulong)start + size > 0x100000000UL;
        }

        /// <summary>The addresses of a span that may be empty or too long.</summary>
        internal static string Text(uint start, uint size)
        {
            return size == 0 || Overflows(start, size) ? "at " + HexText.Of(start) : HexText.OfSpan(start, size);
        }

        /// <summary>What it is called in a fault.</summary>
        internal string Label()
        {
            return What + " " + Name + " " + Text(Start, Size) + " (" + Size.ToString() + " bytes)";
        }
    }
}
