using System.Text;

namespace Carveout.Emulator.Import;

/// <summary>Reads a table of events: a line that names the columns, then a line for each event, separated by commas, semicolons or
/// tabs.</summary>
/// <remarks>People make such tables from FreeRTOS's traceMALLOC and traceFREE, and from whatever else they log. Quotation marks follow RFC
/// 4180. docs/import.md names the columns.</remarks>
/// <param name="options">Which sizes and owners to use.</param>
internal sealed class NamedColumns(ImportOptions options) : TracerFormat(options)
{
    private static readonly char[] s_separators = ['\t', ';', ','];

    private static readonly (Column Column, string[] Names)[] s_names =
    [
        (Column.Event, ["op", "event", "type", "action", "call", "function", "kind", "operation", "what"]),
        (Column.Address, ["address", "addr", "ptr", "pointer", "block", "result"]),
        (Column.Size, ["size", "bytes", "len", "length"]),
        (Column.Count, ["count", "nmemb", "members"]),
        (Column.Old, ["old", "old_address", "old_addr", "old_ptr", "oldptr", "in_ptr"]),
        (Column.Alignment, ["align", "alignment"]),
        (Column.Task, ["task", "thread", "comm", "process", "owner", "who", "by"]),
        (Column.Site, ["site", "call_site", "caller", "place", "tag"]),
        (Column.Time, ["time", "timestamp", "ts", "t", "tick", "ticks", "ms", "us", "ns", "s", "sec", "seconds", "milliseconds", "microseconds"]),
    ];

    private Column[]? _columns;
    private char _separator;
    private decimal _unit;
    private bool _isUnitNamed;

    private enum Column
    {
        Other,
        Event,
        Address,
        Size,
        Count,
        Old,
        Alignment,
        Task,
        Site,
        Time,
    }

    /// <inheritdoc/>
    public override string Name => "csv";

    /// <inheritdoc/>
    public override string Title => "a table with named columns (CSV)";

    /// <inheritdoc/>
    protected override LineMeaning Read(in TracerLine line)
    {
        // Tabs are separators here, so this uses the unchanged line.
        if (IsHeading(line.Raw))
        {
            return LineMeaning.Read;
        }
        if (_columns is null || !line.Raw.Contains(_separator, StringComparison.Ordinal))
        {
            return LineMeaning.Foreign;
        }
        string[] cells = Cells(line.Raw, _separator);
        string kind = Cell(cells, Column.Event).ToLowerInvariant();
        if (KindOf(kind) is not char letter)
        {
            return LineMeaning.Foreign;
        }
        bool isRead = cells.Length == _columns.Length && line.IsWhole && TracerNumber.IsAddress(Cell(cells, Column.Address), out ulong address)
            && Take(letter, cells, address);
        return isRead ? LineMeaning.Read : LineMeaning.Damaged;
    }

    private bool Take(char kind, string[] cells, ulong address)
    {
        long time = HeapEvent.Untimed, size = 0, members = 1, alignment = (long)ObjectAlignment;
        ulong old = 0;
        string? task = Word(cells, Column.Task), site = Word(cells, Column.Site);
        if ((Has(Column.Time) && !IsTime(Cell(cells, Column.Time), out time))
            || (kind != 'f' && !TracerNumber.IsSize(Cell(cells, Column.Size), out size))
            || (Word(cells, Column.Alignment) is string aligned && !TracerNumber.IsSize(aligned, out alignment))
            || (kind == 'c' && Word(cells, Column.Count) is string count && !TracerNumber.IsSize(count, out members))
            || (kind == 'r' && Word(cells, Column.Old) is string from && !TracerNumber.IsAddress(from, out old)))
        {
            return false;
        }
        switch (kind)
        {
            case 'f':
                Free(address, time);
                break;
            case 'r':
                Reallocate(old, address, size, time, Owner(task, site));
                break;
            default:
                Take(address, TracerNumber.Product(size, members), time, Owner(task, site), (ulong)Math.Max(alignment, (long)ObjectAlignment));
                break;
        }
        return true;
    }

    private bool IsHeading(string line)
    {
        char separator = s_separators.FirstOrDefault(candidate => line.Contains(candidate, StringComparison.Ordinal));
        if (separator == default)
        {
            return false;
        }
        string[] cells = Cells(line.TrimStart('#', ' ', '\ufeff'), separator);
        Column[] columns = [.. cells.Select(ColumnOf)];
        if (!columns.Contains(Column.Event) || !columns.Contains(Column.Address) || !columns.Contains(Column.Size))
        {
            return false;
        }
        _columns = columns;
        _separator = separator;
        string named = cells[Math.Max(0, Array.IndexOf(columns, Column.Time))].ToLowerInvariant();
        _isUnitNamed = true;
        _unit = named switch
        {
            "ns" => 1,
            "us" or "microseconds" => 1_000,
            "ms" or "milliseconds" or "tick" or "ticks" => 1_000_000,
            "s" or "sec" or "seconds" => 1_000_000_000,
            _ when named.EndsWith("_ns", StringComparison.Ordinal) => 1,
            _ when named.EndsWith("_us", StringComparison.Ordinal) => 1_000,
            _ when named.EndsWith("_ms", StringComparison.Ordinal) => 1_000_000,
            _ when named.EndsWith("_s", StringComparison.Ordinal) => 1_000_000_000,
            _ => 0,
        };
        _isUnitNamed = _unit != 0;
        return true;
    }

    /// <summary>Reads a time. If the column has no unit, the first time decides for all: with a point they are seconds, without one
    /// milliseconds.</summary>
    private bool IsTime(string word, out long time)
    {
        time = 0;
        if (!decimal.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value) || value > uint.MaxValue * 1_000_000m)
        {
            return false;
        }
        if (!_isUnitNamed)
        {
            _unit = word.Contains('.', StringComparison.Ordinal) ? 1_000_000_000 : 1_000_000;
            _isUnitNamed = true;
        }
        decimal nanoseconds = value * _unit;
        if (nanoseconds > long.MaxValue)
        {
            return false;
        }
        time = (long)nanoseconds;
        return true;
    }

    private static Column ColumnOf(string cell)
    {
        string name = cell.Trim().ToLowerInvariant();
        foreach ((Column column, string[] names) in s_names)
        {
            if (names.Contains(name) || (column == Column.Time && name.Split('_') is [{ } first, "ns" or "us" or "ms" or "s"] && names.Contains(first)))
            {
                return column;
            }
        }
        return Column.Other;
    }

    private static char? KindOf(string word) => word switch
    {
        "malloc" or "alloc" or "allocate" or "allocated" or "new" or "take" or "a" or "m" or "+" or "tracemalloc" => 'a',
        "free" or "freed" or "delete" or "release" or "dealloc" or "f" or "d" or "-" or "tracefree" => 'f',
        "realloc" or "r" => 'r',
        "calloc" or "c" => 'c',
        _ => null,
    };

    private bool Has(Column column) => Array.IndexOf(_columns!, column) >= 0;

    private string Cell(string[] cells, Column column)
    {
        int place = Array.IndexOf(_columns!, column);
        return place >= 0 && place < cells.Length ? cells[place] : "";
    }

    private string? Word(string[] cells, Column column) => Cell(cells, column) is { Length: > 0 } cell ? cell : null;

    private static string[] Cells(string line, char separator)
    {
        if (!line.Contains('"', StringComparison.Ordinal))
        {
            return [.. line.Split(separator).Select(cell => cell.Trim())];
        }
        var cells = new List<string>();
        var cell = new StringBuilder();
        bool isQuoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"')
            {
                // Within quotation marks, two of them stand for one.
                if (isQuoted && i + 1 < line.Length && line[i + 1] == '"')
                {
                    cell.Append(line[++i]);
                    continue;
                }
                isQuoted = !isQuoted;
            }
            else if (line[i] == separator && !isQuoted)
            {
                cells.Add(cell.ToString().Trim());
                cell.Clear();
            }
            else
            {
                cell.Append(line[i]);
            }
        }
        cells.Add(cell.ToString().Trim());
        return [.. cells];
    }
}
