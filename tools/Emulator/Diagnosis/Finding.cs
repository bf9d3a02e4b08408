namespace Carveout.Emulator.Diagnosis;

/// <summary>One verdict: what it is, why, what is not known, and what to try.</summary>
/// <param name="Cause">In a word.</param>
/// <param name="Sentence">In a sentence.</param>
/// <param name="Dump">The dump that it is about: of a series the last.</param>
internal sealed record Finding(Cause Cause, string Sentence, Dump Dump)
{
    /// <summary>The numbers that lead to it, a line each.</summary>
    public List<string> Arithmetic { get; } = [];

    /// <summary>What the dump does not say.</summary>
    public List<string> Unknown { get; } = [];

    /// <summary>What to try, words for the system at hand.</summary>
    public List<string> Try { get; } = [];

    /// <summary>Commands of ours that show a comparable scenario.</summary>
    public List<string> Commands { get; } = [];

    /// <summary>How often the same was found.</summary>
    public int Times { get; set; } = 1;

    /// <summary>The series that it is about; null where it is about one dump.</summary>
    public AreaSeries? Series { get; init; }

    /// <summary>Bytes that were asked for, where it is known.</summary>
    public long? Wanted { get; init; }

    /// <summary>The area that decides, where there is one.</summary>
    public MemoryArea? Area { get; init; }

    /// <summary>Seconds of the dump's clock, or dumps, at which requests begin to fail if all goes on like that; null: not foreseen.</summary>
    public double? FailsAt { get; init; }

    /// <summary>Whose memory grows, most first.</summary>
    public List<Growth> Growing { get; } = [];
}
