namespace Carveout.Emulator.Replay;

/// <summary>Writes a trace's lines, in the format that <see cref="TraceFile"/> reads.</summary>
/// <param name="say">Receives each line, without its line break.</param>
internal sealed class TraceWriter(Action<string> say)
{
    /// <summary>The longest owner's name that is kept: enough for a symbol with its offset.</summary>
    private const int LongestOwner = 80;

    /// <summary>Milliseconds since the trace began, for the lines that follow; null if unknown.</summary>
    public long? Time { get; set; }

    /// <summary>Writes a request.</summary>
    public void Allocate(int id, long size, int alignment, string? owner) =>
        say(string.Create(CultureInfo.InvariantCulture, $"a {id} {size} {alignment}{TimeWord}{OwnerWord(owner)}"));

    /// <summary>Writes a request that was refused, which the trace frees at once.</summary>
    public void Refuse(int id, long size, int alignment, string? owner)
    {
        say(TraceFile.Refused);
        Allocate(id, size, alignment, owner);
        Free(id);
    }

    /// <summary>Writes that a tail is given back.</summary>
    public void Trim(int id, long size) => say(string.Create(CultureInfo.InvariantCulture, $"t {id} {size}{TimeWord}"));

    /// <summary>Writes a free.</summary>
    public void Free(int id) => say(string.Create(CultureInfo.InvariantCulture, $"f {id}{TimeWord}"));

    /// <summary>Writes the mark of a loop of the application.</summary>
    public void Loop(int number) => say(string.Create(CultureInfo.InvariantCulture, $"# loop {number}"));

    /// <summary>Writes that the frees which follow are caused by a restart.</summary>
    public void Restart() => say(TraceFile.Restart);

    private string TimeWord => Time is long time ? string.Create(CultureInfo.InvariantCulture, $" time={time}") : "";

    private static string OwnerWord(string? owner) => owner is null ? "" : " by=" + WordOf(owner);

    /// <summary>A name as one word: blanks, and everything that is not printable ASCII, become _.</summary>
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
