using Carveout.Emulator.Logs;

namespace Carveout.Emulator.Diagnosis;

/// <summary>A place in a file.</summary>
/// <param name="File">The file's name as it was given.</param>
/// <param name="Line">The line, from 1; empty lines do not count.</param>
internal readonly record struct DumpPlace(string File, long Line)
{
    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}";
}

/// <summary>A line as a reader gets it.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Place">Where it is.</param>
/// <param name="Seconds">Its time, or that of a line before it, if there is one. Only differences within a file have a meaning.</param>
/// <param name="Speaker">Who printed it, where kernels say that.</param>
/// <param name="IsCut">Whether it may end in the middle of a word.</param>
/// <param name="Before">The line before it, unchanged.</param>
internal readonly record struct DumpLine(string Text, DumpPlace Place, double? Seconds, string? Speaker, bool IsCut, string Before = "")
{
    private const int LongestLabel = 60;

    /// <summary>The text of the line before it, if that is short enough to be an action of the program: "POST 12 done".</summary>
    public string Label => Before.Length > 3 * LongestLabel || LogLine.Parse(Before, true).Text is not { Length: <= LongestLabel } text ? "" : text;

    /// <summary>Whether a number that ends at this place may have lost digits.</summary>
    public bool MayBeCutAt(int end) => IsCut && end >= Text.Length;
}
