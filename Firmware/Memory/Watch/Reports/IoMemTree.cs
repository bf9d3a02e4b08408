using Carveout.Board;

namespace Carveout.Diagnostics
{
    /// <summary>The lines of /proc/iomem: spans of four ranks. A span is indented below every span of a lesser rank that contains it.</summary>
    internal sealed class IoMemTree
    {
        /// <summary>The rank of a span that a driver requested, and of one that it mapped.</summary>
        internal const byte RequestRank = 2, MappingRank = 3;

        private const byte RegionRank = 0, PartRank = 1;

        private readonly uint[] _starts, _sizes;
        private readonly byte[] _ranks;
        private readonly string[] _names;
        private int _count;

        /// <summary>Lines by ascending address, at one address by rank.</summary>
        /// <param name="map">Regions, reservations and zones.</param>
        /// <param name="others">How many further lines there must be room for.</param>
        internal IoMemTree(MemoryMap map, int others)
        {
            int most = map.RegionCount + map.ReservationCount + map.ZoneCount + others;
            _starts = new uint[most];
            _sizes = new uint[most];
            _ranks = new byte[most];
            _names = new string[most];
            for (int i = 0; i < map.RegionCount; i++)
            {
                Add(map.RegionAt(i).Start, map.RegionAt(i).Size, RegionRank, map.RegionAt(i).Name);
            }
            for (int i = 0; i < map.ReservationCount; i++)
            {
                Add(map.ReservationAt(i).Start, map.ReservationAt(i).Size, PartRank, map.ReservationAt(i).Name);
            }
            for (int i = 0; i < map.ZoneCount; i++)
            {
                Add(map.ZoneAt(i).Start, map.ZoneAt(i).Size, PartRank, "zone " + map.ZoneAt(i).Name);
            }
        }

        internal string ToText()
        {
            string text = "";
            for (int i = 0; i < _count; i++)
            {
                text += "".PadLeft(2 * DepthOf(i)) + HexText.Of(_starts[i]).Substring(2) + "-" + HexText.Of(_starts[i] + (_sizes[i] - 1)).Substring(2) + " : "
                    + _names[i] + "\n";
            }
            return text;
        }

        /// <summary>Inserts a line behind those that come first; of equals, behind the older one.</summary>
        internal void Add(uint start, uint size, byte rank, string name)
        {
            int at = _count++;
            for (; at > 0 && (_starts[at - 1] > start || (_starts[at - 1] == start && _ranks[at - 1] > rank)); at--)
            {
                _starts[at] = _starts[at - 1];
                _sizes[at] = _sizes[at - 1];
                _ranks[at] = _ranks[at - 1];
                _names[at] = _names[at - 1];
            }
            _starts[at] = start;
            _sizes[at] = size;
            _ranks[at] = rank;
            _names[at] = name;
        }

        /// <summary>How many spans of lesser rank hold the whole of a line; no two of a rank do.</summary>
        private int DepthOf(int line)
        {
            int depth = 0;
            for (int i = 0; i < line; i++)
            {
                bool holds = _starts[line] - _starts[i] < _sizes[i] && _sizes[line] <= _sizes[i] - (_starts[line] - _starts[i]);
                depth += _ranks[i] < _ranks[line] && holds ? 1 : 0;
            }
            return depth;
        }
    }
}
