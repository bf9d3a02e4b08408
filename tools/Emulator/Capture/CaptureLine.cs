using Carveout.Diagnostics;

namespace Carveout.Emulator.Capture;

/// <summary>The content of one line of a dump. docs/trace-format.md</summary>
internal abstract record CaptureLine
{
    /// <summary>A line that ends before its checksum.</summary>
    public static readonly CaptureLine Cut = new Damaged(true);

    /// <summary>A line that was changed on its way, or does not have the format.</summary>
    public static readonly CaptureLine Garbled = new Damaged(false);

    /// <summary>The state of the dump.</summary>
    /// <param name="Version">The version of the format.</param>
    /// <param name="PageSize">Bytes of a page.</param>
    /// <param name="Capacity">How many records the ring holds.</param>
    /// <param name="Recorded">How many operations there have been.</param>
    /// <param name="Lost">How many operations the dump has missed so far.</param>
    public sealed record Header(int Version, int PageSize, int Capacity, long Recorded, long Lost) : CaptureLine;

    /// <summary>The name of an owner's number.</summary>
    public sealed record Owner(int Number, string Name) : CaptureLine;

    /// <summary>An operation.</summary>
    /// <param name="Record">The operation.</param>
    /// <param name="Lost">How many operations the dump missed before it.</param>
    public sealed record Operation(CapturedRecord Record, long Lost) : CaptureLine;

    private sealed record Damaged(bool IsCut) : CaptureLine;

    /// <summary>Reads the text behind a mark. Text behind the checksum is other output.</summary>
    public static CaptureLine Parse(string text)
    {
        int end = text.IndexOf(TraceText.SumMark);
        if (end < 0 || text.Length < end + 5)
        {
            return Cut;
        }
        string said = text[..end];
        bool sound = int.TryParse(text.AsSpan(end + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int sum)
            && sum == TraceText.Checksum(said);
        return (sound ? Words(said.Split(' ')) : null) ?? Garbled;
    }

    private static CaptureLine? Words(string[] words)
    {
        switch (words)
        {
            case ["h", var version, var page, var capacity, var recorded, var lost]
                when Whole(version, 1, int.MaxValue) is long v && Whole(page, 256, 65536) is long p && long.IsPow2(p)
                    && Whole(capacity, 1, TraceRing.MaxRecords) is long c && Whole(recorded, 0, long.MaxValue) is long r
                    && Whole(lost, 0, r) is long l:
                return new Header((int)v, (int)p, (int)c, r, l);
            case ["o", var number, var name] when Whole(number, 0, PageAllocator.MaxOwners - 1) is long owner && name.Length > 0:
                return new Owner((int)owner, name);
            case [{ Length: 1 } letter, var sequence, var lost, var time, { Length: 8 } address, var size, var alignment, var owner]
                when Whole(sequence, 1, long.MaxValue - 1) is long s && Whole(lost, 0, s - 1) is long l
                    && Whole(time, int.MinValue, int.MaxValue) is long t && Whole(size, 0, int.MaxValue) is long bytes
                    && Whole(alignment, 0, 1 << 30) is long a && Whole(owner, 0, PageAllocator.MaxOwners - 1) is long o
                    && uint.TryParse(address, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint place):
                TraceKind kind = KindOf(letter[0]);
                var record = new CapturedRecord(s, kind, (int)t, place, (int)bytes, (int)a, (int)o);
                return kind != 0 && IsPossible(record) ? new Operation(record, l) : null;
            default:
                return null;
        }
    }

    private static bool IsPossible(CapturedRecord record) => record.Kind switch
    {
        TraceKind.Loop => true,
        TraceKind.Free or TraceKind.Trim => record.Address != 0 && record.Size != 0,
        _ => record.Size != 0 && int.IsPow2(record.Alignment) && (record.Address != 0) == (record.Kind != TraceKind.Failure),
    };

    private static TraceKind KindOf(char letter) => letter switch
    {
        'b' => TraceKind.Block,
        'r' => TraceKind.Run,
        'f' => TraceKind.Free,
        't' => TraceKind.Trim,
        'x' => TraceKind.Failure,
        'l' => TraceKind.Loop,
        _ => 0,
    };

    private static long? Whole(string word, long least, long most) =>
        WholeNumber.TryParse(word, least, most, out long value) ? value : null;
}
