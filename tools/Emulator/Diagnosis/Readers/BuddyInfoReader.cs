using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Reads /proc/buddyinfo and /proc/pagetypeinfo.</summary>
/// <remarks>mm/vmstat.c: frag_show_print, pagetypeinfo_showfree_print, pagetypeinfo_showblockcount_print; 2.6.0 to 6.x. Neither says the
/// size of a page, so 4 KB are assumed. Kernels have 11 orders by default, so a row of fewer may be cut.</remarks>
internal sealed partial class BuddyInfoReader : DumpReader
{
    private static readonly SearchValues<string> s_words = SearchValues.Create(["zone", "Number of", "Free pages count", "Page block order"], StringComparison.Ordinal);

    private const long PageSize = 4096;

    /// <summary>The most other lines within a row that was wrapped.</summary>
    private const int MostBetween = 2;

    private static readonly string[] s_alwaysTypes = ["Unmovable", "Movable", "Reclaimable"];

    private readonly Dictionary<(int Node, string Zone, string Type), List<int>> _rows = [];
    private readonly HashSet<List<int>> _cut = [];
    private readonly HashSet<string> _types = [];
    private DumpLine _first;
    private List<int>? _last;
    private bool _blocksFollow;
    private int _foreign, _sinceLast;

    /// <inheritdoc/>
    public override SearchValues<string> Words => s_words;

    /// <inheritdoc/>
    public override bool IsOpen => _rows.Count > 0;

    /// <inheritdoc/>
    public override bool Read(DumpLine line)
    {
        Match match = Row().Match(line.Text);
        if (!match.Success)
        {
            if (_last is { Count: < BlockCounts.Usual } && line.Text.Length > 0 && char.IsAsciiDigit(line.Text[0]) && BlockCounts.Of(line, 0) is { } more
                && (_sinceLast == 0 ? _last.Count + more.Count <= BlockCounts.Most : _last.Count + more.Count == BlockCounts.Usual))
            {
                // A mailer wrapped the row, and another line may lie in between.
                _last.AddRange(more);
                return true;
            }
            if (line.Text.StartsWith("Number of", StringComparison.Ordinal))
            {
                // The following rows look like free blocks, but count pageblocks of each kind. The kinds are those of the rows before.
                _blocksFollow = true;
                _types.UnionWith(line.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(4));
                return true;
            }
            _last = ++_sinceLast > MostBetween ? null : _last;
            if (IsOpen && ++_foreign > MostForeignLines)
            {
                End();
            }
            return line.Text.StartsWith("Free pages count per", StringComparison.Ordinal)
                || line.Text.StartsWith("Page block order:", StringComparison.Ordinal);
        }
        string type = match.Groups["type"].Value;
        if (type.Length > 0)
        {
            _blocksFollow = false;
        }
        (_foreign, _sinceLast) = (0, 0);
        _last = null;
        int at = match.Index + match.Length;
        if (_blocksFollow || !int.TryParse(match.Groups["node"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int node)
            || BlockCounts.Of(line, at) is not { } counts)
        {
            return true;
        }
        if (counts.Count == 0)
        {
            // zoneinfo begins in the same way, and so does a row that was wrapped here.
            if (line.Text.Length > at)
            {
                return true;
            }
            _last = Row(line, node, match, type, counts);
            return false;
        }
        _last = Row(line, node, match, type, counts);
        return true;
    }

    /// <inheritdoc/>
    public override void End()
    {
        foreach (var key in _rows.Where(row => row.Value.Count == 0).Select(row => row.Key).ToList())
        {
            _rows.Remove(key);
        }
        if (IsOpen)
        {
            Found(Made());
        }
        _rows.Clear();
        _types.Clear();
        _cut.Clear();
        _last = null;
        _foreign = 0;
    }

    private List<int> Row(DumpLine line, int node, Match match, string type, List<int> counts)
    {
        var key = (node, match.Groups["zone"].Value, type);
        bool isOther = _rows.Keys.Any(one => (one.Type.Length > 0) != (type.Length > 0));
        if ((_rows.TryGetValue(key, out List<int>? known) && known.Count > 0) || isOther)
        {
            End();
        }
        if (_rows.Count == 0)
        {
            _first = line;
        }
        if (line.IsCut)
        {
            _cut.Add(counts);
        }
        return _rows[key] = counts;
    }

    private Dump Made()
    {
        bool byType = _rows.Keys.First().Type.Length > 0;
        var dump = new Dump(byType ? "pagetypeinfo" : "buddyinfo", MemorySystem.Linux, _first);
        int orders = Math.Max(BlockCounts.Usual, _rows.Values.Max(row => row.Count));
        foreach (var zone in _rows.GroupBy(row => (row.Key.Node, row.Key.Zone)))
        {
            int known = zone.Min(row => row.Value.Count);
            var counts = new int[orders];
            var letters = new string?[orders];
            foreach (var row in zone)
            {
                for (int order = 0; order < row.Value.Count; order++)
                {
                    counts[order] = (int)Math.Min(int.MaxValue, (long)counts[order] + row.Value[order]);
                    if (row.Value[order] > 0)
                    {
                        letters[order] += Letter(row.Key.Type);
                    }
                }
            }
            string name = ZoneNames.Of(zone.Key.Zone, zone.Key.Node);
            // A row without an end may go on, unless a whole row beside it has as many orders.
            bool goesOn = zone.Any(row => _cut.Contains(row.Value)) && !_rows.Values.Any(row => !_cut.Contains(row) && row.Count == known);
            if (known == orders && goesOn)
            {
                dump.Damage.Add($"{name}: the row has no end; of {known} and more orders nothing is known");
                known = 0;
            }
            else if (known < orders)
            {
                dump.Damage.Add($"{name}: {known} of {orders} orders are there; the row is cut, or its kernel has fewer: blocks of "
                    + $"{known} and more orders are not known");
            }
            string[] missing = byType ? [.. s_alwaysTypes.Union(_types).Except(zone.Select(row => row.Key.Type), StringComparer.OrdinalIgnoreCase)] : [];
            if (missing.Length > 0)
            {
                dump.Damage.Add($"{name}: rows are missing: {string.Join(", ", missing)}");
                known = 0;
            }
            else if (byType && _types.Count == 0)
            {
                dump.Damage.Add($"{name}: the list of types behind the free blocks is missing, so rows of others (CMA, HighAtomic, Isolate) may be, too");
            }
            MemoryArea area = dump.Area(name, AreaKind.Zone);
            area.Blocks = new FreeBlocks(counts, PageSize, known == orders, byType ? letters : null);
            area.Free = known == orders ? area.Blocks.Bytes : null;
            area.Largest = known == orders ? area.Blocks.Largest : null;
            area.FreeCma = byType ? Cma(zone.Where(row => row.Key.Type == "CMA").SelectMany(row => row.Value.Select((count, order) => count * (PageSize << order)))) : 0;
        }
        return dump;
    }

    private static long Cma(IEnumerable<long> bytes) => Fields.Sum(bytes);

    /// <summary>The letter of a migrate type in page allocation failures.</summary>
    private static string Letter(string type) => type switch
    {
        "Reclaimable" => "E", "Movable" => "M", "CMA" => "C", "HighAtomic" => "H", "Isolate" or "isolate" => "I", "Reserve" => "R", _ => "U",
    };

    [GeneratedRegex(@"\bNode\s+(?<node>[0-9]{1,4}),\s*zone\s+(?<zone>[A-Za-z][A-Za-z0-9]{0,15})(?:,\s*type\s+(?<type>[A-Za-z]{1,16}))?(?=\s|$)\s*")]
    private static partial Regex Row();
}
