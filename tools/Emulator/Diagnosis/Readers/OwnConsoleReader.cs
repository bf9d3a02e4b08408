using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Carveout.Emulator.Diagnosis;

/// <summary>Reads Carveout's own console: the report of a failure and the list of owners.</summary>
/// <remarks>FailureReport.ToText, OwnerText; the buddyinfo after them has the kernel's format.</remarks>
internal sealed partial class OwnConsoleReader : DumpReader
{
    private static readonly SearchValues<string> s_words = SearchValues.Create(["page allocation failure: "], StringComparison.Ordinal);

    private Dump? _dump;
    private int _lines;

    /// <inheritdoc/>
    public override SearchValues<string> Words => s_words;

    /// <inheritdoc/>
    public override bool IsOpen => _dump is not null;

    /// <inheritdoc/>
    public override bool Read(DumpLine line)
    {
        if (Failure().Match(line.Text) is { Success: true } failure && Size(failure.Groups["size"], failure.Groups["unit"]) is long bytes)
        {
            End();
            _dump = new Dump("Carveout failure report", MemorySystem.Carveout, line)
            {
                Request = new MemoryRequest(RequestKind.Pages)
                {
                    Bytes = bytes, Who = failure.Groups["who"].Value, Flags = failure.Groups["gfp"].Value,
                    Order = failure.Groups["order"].Success ? int.Parse(failure.Groups["order"].ValueSpan, CultureInfo.InvariantCulture) : null,
                },
            };
            _lines = 0;
            return true;
        }
        if (_dump is null || ++_lines > 12)
        {
            End();
            return false;
        }
        if (Zone().Match(line.Text) is { Success: true } zone)
        {
            MemoryArea area = _dump.Area(zone.Groups["zone"].Value, AreaKind.Zone);
            area.Free = Size(zone.Groups["free"], zone.Groups["freeUnit"]);
            area.Largest = Size(zone.Groups["largest"], zone.Groups["largestUnit"]);
            Cause? cause = zone.Groups["why"].Value switch
            {
                "out of memory" => Cause.ShortOfMemory, "held back" => Cause.HeldBack, "fragmented" => Cause.Fragmented, "not aligned" => Cause.Alignment, "too large" => Cause.TooLarge, _ => null,
            };
            if (cause is Cause said && !line.IsCut)
            {
                _dump.Signs.Add((said, line.Text));
            }
            return true;
        }
        if (line.Text.StartsWith("owners: ", StringComparison.Ordinal) && !line.IsCut)
        {
            foreach (Match owner in Owner().Matches(line.Text))
            {
                _dump.Holders.Add(new Holder(owner.Groups["who"].Value, Size(owner.Groups["size"], owner.Groups["unit"]) ?? 0, 0));
            }
            End();
            return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public override void End()
    {
        if (_dump is not null)
        {
            Found(_dump);
        }
        _dump = null;
    }

    /// <summary>A size as SizeText writes it, which cuts off further decimals.</summary>
    private static long? Size(Group number, Group unit)
    {
        long bytes = unit.Value switch { "KB" => 1L << 10, "MB" => 1L << 20, _ => 1 };
        return double.TryParse(number.ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value < 1e9 ? (long)(value * bytes) : null;
    }

    [GeneratedRegex(@"page allocation failure: (?<size>[0-9]{1,9}(?:\.[0-9])?) (?<unit>B|KB|MB)(?: exact| \(order (?<order>[0-9]{1,2})\)).{0,60}?gfp (?<gfp>[\w|]{1,60}), owner '(?<who>[^']{0,60})'")]
    private static partial Regex Failure();

    [GeneratedRegex(@"^(?<zone>\w{1,16}): (?<why>out of memory|held back|fragmented|not aligned|too large|(?:not asked, or it )?would serve the request now): (?<free>[0-9]{1,9}(?:\.[0-9])?) (?<freeUnit>B|KB|MB) free, largest (?<largest>[0-9]{1,9}(?:\.[0-9])?) (?<largestUnit>B|KB|MB)")]
    private static partial Regex Zone();

    [GeneratedRegex(@"(?:^owners: |, )(?<who>[^,]{1,60}?) (?<size>[0-9]{1,9}(?:\.[0-9])?) (?<unit>B|KB|MB)(?=,|$)")]
    private static partial Regex Owner();
}
