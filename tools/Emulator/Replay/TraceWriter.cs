namespace Carveout.Emulator.Replay;

/// <summary>Says a trace's lines, as <see cref="TraceFile"/> reads them.</summary>
/// <param name="say">Takes each line, without its line break.</param>
internal sealed class TraceWriter(Action<string> say)
{
    /// <summary>Characters of an owner's name that a trace keeps: enough for a symbol with its offset.</summary>
    private const int LongestOwner = 80;

    /// <summary>Milliseconds since the trace began, for the lines that follow; null where nobody knows.</summary>
    public long? Time { get; set; }

    /// <summary>A request.</summary>
    public void Allocate(int id, long size, int alignment, string? owner) =>
        say(string.Create(CultureInfo.InvariantCulture, $"a {id} {size} {alignment}{TimeWord}{OwnerWord(owner)}"));

    /// <summary>A request that was refused, which the trace frees at once.</summary>
    public void Refuse(int id, long size, int alignment, string? owner)
    {
        say(TraceFile.Refused);
        Allocate(id, size, alignment, owner);
        Free(id);
    }

    /// <summary>A tail that goes back.</summary>
    public void Trim(int id, long size) => say(string.Create(CultureInfo.InvariantCulture, $"t {id} {size}{TimeWord}"));

    /// <summary>A free.</summary>
    public void Free(int id) => say(string.Create(CultureInfo.InvariantCulture, $"f {id}{TimeWord}"));

    /// <summary>A loop of what the application repeats.</summary>
    public void Loop(int number) => say(string.Create(CultureInfo.InvariantCulture, $"# loop {number}"));

    /// <summary>The frees that follow are those of a start.</summary>
    public void Restart() => say(TraceFile.Restart);

    private string TimeWord => Time is long time ? string.Create(CultureInfo.InvariantCulture, $" time={time}") : "";

    private static string OwnerWord(string? owner) => owner is null ? "" : " by=" + WordOf(owner);

    /// <summary>A name as one word: what is no printable ASCII, and every blank, is _.</summary>
    private static string WordOf(string owner)
    {
        string name = owner.Length > LongestOwner ? owner[..LongestOwner] : owner;
        return name.Length == 0 ? "_" : string.Create(name.Length, name, (word, text) =>
        {
            for (int i = 0; i < word.Length; i++)
            {
                word[i] = text[i] is > ' ' and <= '~' ? text[i] : '_';
            }
        });
    }
}
