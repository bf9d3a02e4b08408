using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Reads an application's own lines of free bytes, with the largest block if they print it: <c>free=… largest=…</c>, <c>Free heap:
/// …</c>.</summary>
/// <remarks>Many logs contain such words. So a line counts only if it speaks of memory or has both numbers, and only a series of lines
/// means anything.</remarks>
internal sealed partial class FreeBytesReader : DumpReader
{
    /// <summary>How many characters behind a number its unit may stand.</summary>
    private const int MostOfAWord = 8;

    private static readonly SearchValues<string> s_words = SearchValues.Create(["ree", "FREE", "vailable", "argest", "iggest"], StringComparison.Ordinal);

    /// <inheritdoc/>
    public override SearchValues<string> Words => s_words;

    /// <inheritdoc/>
    public override bool Read(DumpLine line)
    {
        Match largest = Largest().Match(line.Text);
        if (Free().Match(line.Text) is not { Success: true } free)
        {
            return LargestAlone(line, largest);
        }
        if (line.MayBeCutAt(free.Index + free.Length + MostOfAWord))
        {
            return false;
        }
        if (!largest.Success && !Memory().IsMatch(line.Text))
        {
            return false;
        }
        // ESP.getFreeHeap and others print bytes; numbers that are not bytes have a unit.
        long? bytes = Value(line, free), most = largest.Success ? Value(line, largest) : null;
        if (bytes is null || most > bytes)
        {
            return false;
        }
        if (line.Seconds is null && OwnTime().Match(line.Text) is { Success: true } time
            && double.TryParse(time.Groups["value"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds))
        {
            line = line with { Seconds = seconds };
        }
        var dump = new Dump("free bytes", MemorySystem.Other, line);
        MemoryArea area = dump.Area(Name(line.Text[..(free.Index + free.Length)]), AreaKind.Heap);
        (area.Free, area.Largest) = (bytes, most);
        if (LeastEver().Match(line.Text) is { Success: true } least)
        {
            area.LeastEverFree = Value(line, least);
        }
        Found(dump);
        return true;
    }

    /// <summary>Reads a line with the largest block only, as handlers of failures print it. It is no series, but belongs to a failure near
    /// it.</summary>
    private bool LargestAlone(DumpLine line, Match largest)
    {
        if (!largest.Success || !Memory().IsMatch(line.Text) || Value(line, largest) is not long most)
        {
            return false;
        }
        var dump = new Dump("largest block", MemorySystem.Other, line);
        dump.Area("heap", AreaKind.Heap).Largest = most;
        Found(dump);
        return true;
    }

    private static long? Value(DumpLine line, Match match)
    {
        Group value = match.Groups["value"];
        int end = value.Index + value.Length;
        if (Fields.Parse(value.ValueSpan) is not long number || line.MayBeCutAt(end))
        {
            return null;
        }
        (long? unit, int last) = Fields.Unit(line.Text, end);
        return unit is not null && line.MayBeCutAt(last) && last - end < 2 ? null : Fields.Product(number, unit ?? 1);
    }

    /// <summary>The word before the number, which tells heaps of different names apart.</summary>
    private static string Name(string before)
    {
        Match match = Kind().Matches(before).LastOrDefault() ?? Match.Empty;
        return match.Success ? match.Value.ToLowerInvariant() : "heap";
    }

    [GeneratedRegex(@"(?<![a-z])(?:get)?(?:free|available)(?:[ _-]?(?:heap|memory|mem|size|bytes|ram|internal|psram|spiram|dma)){0,2}(?:\(\))?\W{1,4}(?<value>[0-9]{2,12})(?![0-9.:%/])"
        + @"|(?<![0-9.])(?<value>[0-9]{2,12}) (?:bytes? )?(?:free|available)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Free();

    [GeneratedRegex(@"(?<![a-z])(?:largest|biggest|max(?:imum)?)(?:[ _-]?(?:free|available|block|alloc\w*|heap|size)){0,3}(?:\(\))?\W{1,4}(?<value>[0-9]{1,12})(?![0-9.:%/])",
        RegexOptions.IgnoreCase)]
    private static partial Regex Largest();

    [GeneratedRegex(@"(?:[Mm]in(?:imum)?(?:[ _-]?(?:[Ee]ver|[Ff]ree|[Hh]eap|[Ss]ize)){1,3})\W{1,4}(?<value>[0-9]{1,12})(?![0-9.:%/])")]
    private static partial Regex LeastEver();

    [GeneratedRegex(@"[Hh]eap|HEAP|[Mm]emory|\bmem\b|[Bb]ytes|\bRAM\b|[Pp]sram|PSRAM|malloc")]
    private static partial Regex Memory();

    [GeneratedRegex(@"(?<![\w.])(?:t|ts|time|uptime)""?\s*[=:]\s*(?<value>[0-9]{1,10}(?:\.[0-9]{1,6})?)(?![0-9.:])")]
    private static partial Regex OwnTime();

    [GeneratedRegex(@"[Ii]nternal|PSRAM|[Pp]sram|SPIRAM|DMA|[Mm]anaged|[Nn]ative")]
    private static partial Regex Kind();
}
