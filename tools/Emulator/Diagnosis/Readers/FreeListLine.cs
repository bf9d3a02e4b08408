using System.Globalization;
using System.Text.RegularExpressions;

namespace Carveout.Emulator.Diagnosis;

/// <summary>One zone's free list in a Mem-Info: <c>DMA: 812*4kB (UME) 533*8kB (UE) … = 17720kB</c>, as a whole or in pieces.</summary>
/// <remarks>mm/page_alloc.c, later mm/show_mem.c, show_free_areas; letters since 3.9. Each piece is a printk of its own, so loggers may
/// print each on its own line. Markdown removes the asterisks and leaves "8124kB". The size of an order's block is known, and the sum
/// proves the reading.</remarks>
internal sealed partial class FreeListLine(string zone)
{
    private static readonly int[] s_pageKilobytes = [4, 64, 16, 8];

    private readonly List<string> _pieces = [];
    private readonly List<string?> _letters = [];
    private long? _total;

    /// <summary>The zone's name.</summary>
    public string Zone { get; } = zone;

    /// <summary>Whether its sum has been read, which comes last.</summary>
    public bool IsOver => _total is not null;

    /// <summary>Reads the part of a text that belongs to the list.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Take(string text)
    {
        int at = 0;
        for (Match match = Piece().Match(text, at); match.Success && !IsOver; match = Piece().Match(text, at))
        {
            at = match.Index + match.Length;
            if (match.Groups["sum"].Success)
            {
                _total = Fields.Parse(match.Groups["sum"].ValueSpan) is long sum ? Fields.Product(sum, 1024) : -1;
            }
            else if (match.Groups["letters"].Success)
            {
                if (_letters.Count > 0)
                {
                    _letters[^1] = match.Groups["letters"].Value;
                }
            }
            else if (_pieces.Count < BlockCounts.Most)
            {
                _pieces.Add(match.Groups["piece"].Value.Replace(" ", "", StringComparison.Ordinal));
                _letters.Add(null);
            }
        }
        return at > 0;
    }

    /// <summary>The free blocks.</summary>
    /// <param name="damage">Called with everything that is wrong.</param>
    /// <returns>Null if no reading makes sense.</returns>
    public FreeBlocks? Blocks(Action<string> damage)
    {
        if (_pieces.Count == 0)
        {
            return null;
        }
        var readings = s_pageKilobytes.Select(page => (Page: page, Counts: Reading(page))).Where(reading => reading.Counts is not null)
            // A list begins with single pages. If 64kB comes first, a page has 64 KB, unless the first orders were lost.
            .OrderBy(reading => reading.Counts!.Keys.First()).ToList();
        if (readings.Count == 0)
        {
            damage($"{Zone}: the free list cannot be read");
            return null;
        }
        (int pageSize, SortedDictionary<int, (int Count, string? Letters)>? rows) = readings.Find(reading => Sum(reading.Page, reading.Counts!) == _total);
        bool proven = rows is not null;
        (pageSize, rows) = proven ? (pageSize, rows) : readings[0];
        int orders = Math.Max(BlockCounts.Usual, rows!.Keys.Max() + 1);
        var counts = new int[orders];
        var letters = new string?[orders];
        foreach ((int order, (int count, string? types)) in rows)
        {
            counts[order] = count;
            letters[order] = types;
        }
        bool complete = IsOver && rows.Count >= orders;
        if (_total is long total && !proven)
        {
            complete = rows.Count >= orders;
            damage(rows.Count < orders
                ? $"{Zone}: {orders - rows.Count} of {orders} orders of the free list are missing"
                : $"{Zone}: the free list adds up to {Sum(pageSize, rows) / 1024} KB, and says {total / 1024} KB itself: a number in it is damaged");
        }
        else if (!IsOver)
        {
            damage($"{Zone}: the free list ends behind {rows.Count} orders, before its sum");
        }
        return new FreeBlocks(counts, pageSize * 1024L, complete, letters.Any(types => types is not null) ? letters : null);
    }

    private static long Sum(int page, SortedDictionary<int, (int Count, string? Letters)> rows) =>
        Fields.Sum(rows.Select(row => (long)row.Value.Count * page * 1024 << row.Key));

    /// <summary>The counts by order for a page of so many kilobytes; null if that is impossible.</summary>
    private SortedDictionary<int, (int Count, string? Letters)>? Reading(int page)
    {
        var rows = new SortedDictionary<int, (int, string?)>();
        int next = 0;
        for (int i = 0; i < _pieces.Count; i++)
        {
            string piece = _pieces[i];
            int star = piece.IndexOf('*', StringComparison.Ordinal);
            int order = star < 0 ? next : Order(piece[(star + 1)..], page);
            string size = Text((long)page << Math.Max(0, order));
            if (order < next || order >= BlockCounts.Most || (star < 0 && (!piece.EndsWith(size, StringComparison.Ordinal) || piece.Length == size.Length)))
            {
                return null;
            }
            ReadOnlySpan<char> digits = star < 0 ? piece.AsSpan(0, piece.Length - size.Length) : piece.AsSpan(0, star);
            if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count) || !BlockCounts.IsPossible(count, order))
            {
                return null;
            }
            rows[order] = (count, _letters[i]);
            next = order + 1;
        }
        // Without asterisks only the sum proves a reading.
        return _pieces.All(piece => piece.Contains('*', StringComparison.Ordinal)) || Sum(page, rows) == _total ? rows : null;
    }

    private static int Order(string size, int page)
    {
        for (int order = 0; order < BlockCounts.Most; order++)
        {
            if (size == Text((long)page << order))
            {
                return order;
            }
        }
        return -1;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\G\s*(?:(?<piece>[0-9]{1,10}\s?[*]\s?[0-9]{1,9}|[0-9]{2,18})\s?kB|\((?<letters>[A-Z]{0,8})\)|=\s*(?<sum>[0-9]{1,15})\s?kB)")]
    private static partial Regex Piece();
}
