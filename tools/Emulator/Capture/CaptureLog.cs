using System.Text.RegularExpressions;
using Carveout.Diagnostics;

namespace Carveout.Emulator.Capture;

/// <summary>Finds a device's dump in the output of a console, and counts damaged lines.</summary>
internal sealed partial class CaptureLog
{
    /// <summary>More zones than a device has.</summary>
    private const int MostZones = 32;

    private readonly Dictionary<string, long> _zones = [];
    private readonly List<CaptureSession> _sessions = [new()];

    /// <summary>A header with fewer operations than were read: either the device has restarted, or the line came twice. The next operation
    /// tells.</summary>
    private CaptureLine.Header? _earlier;

    /// <summary>One session for each start of the device's ring; at least one.</summary>
    public IReadOnlyList<CaptureSession> Sessions => _sessions;

    /// <summary>How many operations were read, each counted once.</summary>
    public long Records { get; private set; }

    /// <summary>How many lines of a dump end before their checksum.</summary>
    public int Cut { get; private set; }

    /// <summary>How many lines of a dump have a wrong checksum or format.</summary>
    public int Garbled { get; private set; }

    /// <summary>How many operations were read again.</summary>
    public int Doubled { get; private set; }

    /// <summary>How many lines contain nothing of a dump.</summary>
    public int Other { get; private set; }

    /// <summary>Whether there was a line of a dump, even a damaged one.</summary>
    public bool HasDump { get; private set; }

    /// <summary>The version in a header if it is not Carveout's; 0 if there was none.</summary>
    public int ForeignVersion { get; private set; }

    /// <summary>Bytes of each zone, from the device's list of its memory.</summary>
    public IReadOnlyDictionary<string, long> Zones => _zones;

    /// <summary>Reads a line without its line break. Other output may stand before and behind a dump's line.</summary>
    public void Add(string line)
    {
        int start = line.IndexOf(TraceText.Mark, StringComparison.Ordinal);
        if (start < 0)
        {
            Other += string.IsNullOrWhiteSpace(line) ? 0 : 1;
            if (Zone().Match(line) is { Success: true } zone && _zones.Count < MostZones)
            {
                long first = uint.Parse(zone.Groups[1].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                _zones[zone.Groups[3].Value] = uint.Parse(zone.Groups[2].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) - first + 1;
            }
        }
        HasDump |= start >= 0;
        while (start >= 0)
        {
            start += TraceText.Mark.Length;
            int next = line.IndexOf(TraceText.Mark, start, StringComparison.Ordinal);
            Take(CaptureLine.Parse(next < 0 ? line[start..] : line[start..next]));
            start = next;
        }
    }

    /// <summary>A line of IoMem, such as <c>10000000-10072fff : zone NORMAL</c>.</summary>
    [GeneratedRegex(@"\b([0-9a-f]{8})-([0-9a-f]{8}) : zone (\w{1,16})$")]
    private static partial Regex Zone();

    private void Take(CaptureLine line)
    {
        switch (line)
        {
            case CaptureLine.Header header:
                if (header.Version != TraceText.Version)
                {
                    ForeignVersion = header.Version;
                }
                _earlier = _sessions[^1].CanGoOnWith(header) ? null : header;
                if (_earlier is null)
                {
                    _sessions[^1].Add(header);
                }
                break;
            case CaptureLine.Owner owner:
                _sessions[^1].Name(owner);
                break;
            case CaptureLine.Operation operation:
                bool restarted = _earlier is null ? !_sessions[^1].CanGoOnWith(operation.Record) : !_sessions[^1].Has(operation.Record);
                if (restarted)
                {
                    _sessions.Add(new CaptureSession());
                    if (_earlier is not null)
                    {
                        _sessions[^1].Add(_earlier);
                    }
                }
                _earlier = null;
                if (_sessions[^1].Add(operation))
                {
                    Records++;
                }
                else
                {
                    Doubled++;
                }
                break;
            default:
                if (line == CaptureLine.Cut)
                {
                    Cut++;
                }
                else
                {
                    Garbled++;
                }
                break;
        }
    }
}
