using Carveout.Emulator.Logs;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Where something stood.</summary>
/// <param name="File">The file's name as given.</param>
/// <param name="Line">From 1; empty lines do not count.</param>
internal readonly record struct DumpPlace(string File, long Line)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}";
}

/// <summary>A line as a reader sees it.</summary>
/// <param name="Text">Its words.</param>
/// <param name="Place">Where it stood.</param>
/// <param name="Seconds">When it was said, if it or a line before it tells; only differences within a file mean something.</param>
/// <param name="Speaker">Who said it, where kernels print that.</param>
/// <param name="IsCut">It may end in the middle of a word.</param>
/// <param name="Before">The line before it as it came.</param>
internal readonly record struct DumpLine(string Text, DumpPlace Place, double? Seconds, string? Speaker, bool IsCut, string Before = "")
{
    private const int LongestLabel = 60;

    /// <summary>What was said before it, if it is short enough to be what the program does: "POST 12 done".</summary>
    public string Label => Before.Length > 3 * LongestLabel || LogLine.Parse(Before, true).Text is not { Length: <= LongestLabel } text ? "" : text;

    /// <summary>Whether a number that ends at a place in the text may have lost digits.</summary>
    public bool MayBeCutAt(int end) => IsCut && end >= Text.Length;
}
