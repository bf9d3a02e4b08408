using System.Text.RegularExpressions;

namespace Carveout.Emulator.Import;

/// <summary>Reads heap notes of NuttX's sched_note, as its trace dump prints them.</summary>
/// <remarks>Source: NuttX drivers/note/noteram_driver.c, NOTE_HEAP_ALLOC and NOTE_HEAP_FREE. Sizes are those of the heap's chunks. A
/// realloc appears as a free and a request.</remarks>
/// <param name="options">Which sizes and owners to use.</param>
internal sealed partial class NuttxNotes(ImportOptions options) : TracerFormat(options)
{
    /// <inheritdoc/>
    public override string Name => "nuttx";

    /// <inheritdoc/>
    public override string Title => "heap notes of NuttX";

    /// <inheritdoc/>
    protected override LineMeaning Read(in TracerLine line)
    {
        string text = line.Said;
        if (!text.Contains("|Heap Usage|", StringComparison.Ordinal))
        {
            return LineMeaning.Foreign;
        }
        Match match = Note().Match(text);
        if (!match.Success || !line.IsWhole || !TracerNumber.IsAddress(match.Groups["address"].ValueSpan, out ulong address)
            || !TracerNumber.IsSize(match.Groups["size"].ValueSpan, out long size))
        {
            return LineMeaning.Damaged;
        }
        Match source = Source().Match(text[..match.Index]);
        long time = source.Success && TracerNumber.IsSeconds(source.Groups[3].ValueSpan, out long seconds) ? seconds : line.Time;
        long task = source.Success ? long.Parse(source.Groups[2].ValueSpan, CultureInfo.InvariantCulture) : 0;
        switch (match.Groups["kind"].Value)
        {
            case "malloc":
                Take(address, size, time, Owner(source.Success ? source.Groups[1].Value : null, null), ObjectAlignment, task);
                break;
            case "free":
                Free(address, time, task);
                break;
            default:
                break;
        }
        return LineMeaning.Read;
    }

    [GeneratedRegex(@"tracing_mark_write: C\|-?[0-9]{1,9}\|Heap Usage\|-?[0-9]{1,20}\|(?<kind>malloc|free|add|remove): heap: \S{1,20} size:\s?(?<size>[0-9]{1,20}),"
        + @" address: (?<address>0x[0-9a-fA-F]{1,16}|[0-9a-fA-F]{8,16}|\(nil\))$")]
    private static partial Regex Note();

    [GeneratedRegex(@"(\S.{0,40}?)-([0-9]{1,8})\s+\[[0-9]{1,5}\]\s+([0-9]{1,12}\.[0-9]{1,9}):\s*$")]
    private static partial Regex Source();
}
