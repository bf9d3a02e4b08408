namespace Carveout.Emulator.Replay;

/// <summary>What the first comments of a trace say of where it is from: <c># trace v1 page=4096 zone.NORMAL=471040</c>.</summary>
internal sealed class TraceHeader
{
    /// <summary>Begins a word that says how large a zone of the device is: <c>zone.NORMAL=471040</c>.</summary>
    public const string ZoneMark = "zone.";

    private const string Mark = "# trace ";

    /// <summary>Numbers that first comments may say; there are five that anybody asks for.</summary>
    private const int MostSaid = 64;

    private readonly Dictionary<string, long> _said = [];
    private readonly List<(string Name, long Bytes)> _zones = [];

    /// <summary>The zones of the device with their bytes, as far as the trace tells.</summary>
    public IReadOnlyList<(string Name, long Bytes)> Zones => _zones;

    /// <summary>What the memory that serves the trace is called: as on the device, where the trace tells.</summary>
    public string Zone => _zones.Count == 0 ? ReplayOptions.DefaultZone : string.Join("+", _zones.Select(one => one.Name));

    /// <summary>A number, as <c>page=4096</c>; null where nothing is said.</summary>
    public long? Said(string key) => _said.TryGetValue(key, out long value) ? value : null;

    /// <summary>Keeps what a comment says, if it says where the trace is from.</summary>
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
