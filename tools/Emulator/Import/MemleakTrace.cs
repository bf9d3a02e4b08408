using System.Text.RegularExpressions;

namespace Carveout.Emulator.Import;

/// <summary>Reads what memleak of the BPF compiler collection prints with -t, and the same from the kernel's trace pipe.</summary>
/// <remarks>Source: bcc tools/memleak.py and libbpf-tools/memleak.bpf.c (bpf_trace_printk), bcc's Python tuples of task, pid, processor, flags, time and
/// message. Addresses are hexadecimal without 0x; for the kernel's pages they are frame numbers.</remarks>
/// <param name="options">Which sizes and owners to use.</param>
internal sealed partial class MemleakTrace(ImportOptions options) : TracerFormat(options)
{
    /// <inheritdoc/>
    public override string Name => "memleak";

    /// <inheritdoc/>
    public override string Title => "memleak -t of the BPF compiler collection";

    /// <inheritdoc/>
    protected override LineMeaning Read(in TracerLine line)
    {
        string text = line.Clean;
        if (text.Contains("alloc entered, ", StringComparison.Ordinal))
        {
            return LineMeaning.Read;
        }
        bool isFree = text.Contains("free entered, ", StringComparison.Ordinal);
        if (!isFree && !text.Contains("alloc exited, ", StringComparison.Ordinal))
        {
            return LineMeaning.Foreign;
        }
        Match match = Message().Match(text);
        // A tuple ends with a quotation mark and a parenthesis. Without them, and without the end of the line, its last number may be cut.
        bool isTuple = text.TrimStart().StartsWith('(');
        if (!match.Success || (isTuple ? !text.TrimEnd().EndsWith(')') : !line.IsWhole))
        {
            return LineMeaning.Damaged;
        }
        (string? owner, long task, long time) = Source(text[..match.Index], line);
        if (isFree)
        {
            if (!match.Groups["address"].Success || !TracerNumber.IsHex(match.Groups["address"].ValueSpan, out ulong freed))
            {
                return LineMeaning.Damaged;
            }
            Free(freed, time, task);
            return LineMeaning.Read;
        }
        if (!match.Groups["result"].Success || !TracerNumber.IsHex(match.Groups["result"].ValueSpan, out ulong address)
            || !TracerNumber.IsSize(match.Groups["size"].ValueSpan, out long size))
        {
            return LineMeaning.Damaged;
        }
        Take(address, size, time, Owner(owner, null), ObjectAlignment, task);
        return LineMeaning.Read;
    }

    private static (string? Owner, long Task, long Time) Source(string before, in TracerLine line)
    {
        Match match = Tuple().Match(before);
        if (!match.Success)
        {
            match = Pipe().Match(before);
        }
        if (!match.Success)
        {
            return (null, 0, line.Time);
        }
        return (match.Groups[1].Value.Trim(), long.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture),
            TracerNumber.IsSeconds(match.Groups[3].ValueSpan, out long time) ? time : line.Time);
    }

    [GeneratedRegex(@"(?:alloc exited, size = (?<size>[0-9]{1,20}), result = (?<result>[0-9a-f]{1,16})"
        + @"|free entered, address = (?<address>[0-9a-f]{1,16}), size = [0-9]{1,20})")]
    private static partial Regex Message();

    [GeneratedRegex(@"^\s*\(b?'?([^',]{1,20}?)'?,? ([0-9]{1,9}),? [0-9]{1,5},? (?:b?'[^']{0,12}'|\S{1,12}?),? ([0-9]{1,12}(?:\.[0-9]{1,9})?)")]
    private static partial Regex Tuple();

    [GeneratedRegex(@"(\S.{0,30}?)-([0-9]{1,9})\s+(?:\(\s*[-0-9]{1,8}\)\s+)?\[[0-9]{1,5}\]\s+(?:\S{1,8}\s+)?([0-9]{1,12}\.[0-9]{1,9}):")]
    private static partial Regex Pipe();
}
