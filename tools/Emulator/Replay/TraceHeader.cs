namespace Carveout.Emulator.Replay;

/// <summary>What the first comments of a trace say about its source: <c># trace v1 page=4096 zone.NORMAL=471040</c>.</summary>
internal sealed class TraceHeader
{
    /// <summary>Begins a word with the size of one of the device's zones: <c>zone.NORMAL=471040</c>.</summary>
    public const string ZoneMark = "zone.";

    private const string Mark = "# trace ";

    /// <summary>The most numbers of first comments that are kept; five of them have a meaning.</summary>
    private const int MostSaid = 64;

    private readonly Dictionary<string, long> _said = [];
    private readonly List<(string Name, long Bytes)> _zones = [];

    /// <summary>The device's zones with their bytes, as far as the trace has them.</summary>
    public IReadOnlyList<(string Name, long Bytes)> Zones => _zones;

    /// <summary>The name of the memory that serves the trace: the device's, if the trace has it.</summary>
    public string Zone => _zones.Count == 0 ? ReplayOptions.DefaultZone : string.Join("+", _zones.Select(one => one.Name));

    /// <summary>A number such as <c>page=4096</c>; null if it is not there.</summary>
    public long? Said(string key) => _said.TryGetValue(key, out long value) ? value : null;

    /// <summary>Keeps the words of a comment if it is about the trace's source.</summary>
    public void Note(string comment)
    {
        if (!comment.StartsWith(Mark, StringComparison.Ordinal))
        {
            return;
        }
        foreach (string[] pair in comment.Split(' ').Select(word => word.Split('=')).Where(pair => pair.Length == 2))
        {
            if (_said.Count < MostSaid && WholeNumber.TryParse(pair[1], 0, long.MaxValue, out long value))
            {
                if (pair[0].StartsWith(ZoneMark, StringComparison.Ordinal) && !_said.ContainsKey(pair[0]))
                {
                    _zones.Add((PrintedText.Of(pair[0][ZoneMark.Length..]), value));
                }
                _said[pair[0]] = value;
            }
        }
    }
}
