namespace Carveout.Emulator.Diagnosis;

/// <summary>A verdict: the cause, the reasons, what is not known, and what to try.</summary>
/// <param name="Cause">The cause in a word.</param>
/// <param name="Sentence">The cause in a sentence.</param>
/// <param name="Dump">The dump of the verdict; of a series the last.</param>
internal sealed record Finding(Cause Cause, string Sentence, Dump Dump)
{
    /// <summary>The calculation that leads to the cause, a line for each step.</summary>
    public List<string> Arithmetic { get; } = [];

    /// <summary>What the dump does not say.</summary>
    public List<string> Unknown { get; } = [];

    /// <summary>What to try, in words for the system at hand.</summary>
    public List<string> Try { get; } = [];

    /// <summary>Carveout's commands that show a similar scenario.</summary>
    public List<string> Commands { get; } = [];

    /// <summary>How often the same verdict was found.</summary>
    public int Times { get; set; } = 1;

    /// <summary>The series of the verdict; null if it is about one dump.</summary>
    public AreaSeries? Series { get; init; }

    /// <summary>Bytes that were asked for, if known.</summary>
    public long? Wanted { get; init; }

    /// <summary>The area that decides the verdict, if there is one.</summary>
    public MemoryArea? Area { get; init; }

    /// <summary>The place, in seconds of the dump's clock or in dumps, at which requests will begin to fail if the trend goes on; null if
    /// none is foreseen.</summary>
    public double? FailsAt { get; init; }

    /// <summary>The owners whose memory grows, the fastest first.</summary>
    public List<Growth> Growing { get; } = [];
}
