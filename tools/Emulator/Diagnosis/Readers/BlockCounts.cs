using System.Globalization;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Reads rows of free blocks by order.</summary>
internal static class BlockCounts
{
    /// <summary>How many orders a kernel has by default: MAX_ORDER was 11 from 2.6 on, and MAX_PAGE_ORDER is 10.</summary>
    public const int Usual = 11;

    /// <summary>The most orders of any kernel: ia64 with large pages.</summary>
    public const int Most = 18;

    /// <summary>A count of blocks with more bytes than this is damaged.</summary>
    private const long MostBytes = 1L << 50;

    /// <summary>Reads whole numbers from a place to the end of a line. <c>&gt;100000</c>, as pagetypeinfo says since 5.5, counts as
    /// 100000.</summary>
    /// <returns>The numbers; null if there is anything else.</returns>
    public static List<int>? Of(DumpLine line, int at)
    {
        var counts = new List<int>();
        string text = line.Text;
        while (at < text.Length)
        {
            if (text[at] is ' ' or '>')
            {
                at++;
                continue;
            }
            int end = at;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }
            if (end == at || (end < text.Length && text[end] != ' ') || counts.Count == Most)
            {
                return null;
            }
            if (line.MayBeCutAt(end))
            {
                break;
            }
            if (!int.TryParse(text.AsSpan(at, end - at), NumberStyles.None, CultureInfo.InvariantCulture, out int count) || !IsPossible(count, counts.Count))
            {
                return null;
            }
            counts.Add(count);
            at = end;
        }
        return counts;
    }

    /// <summary>Whether there can be so many blocks.</summary>
    public static bool IsPossible(int count, int order) => ((long)count << order) * 65536 <= MostBytes;
}
