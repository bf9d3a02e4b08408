namespace Carveout.Emulator.Machine.Panels;

/// <summary>Solomon Systech's SSD1306 with an OLED of 128x64 or 128x32, as on the common modules: segment remap and scanning from the last
/// line give an upright picture, and the charge pump supplies the panel. Commands follow its datasheet, Rev 1.1.</summary>
/// <remarks>
/// <para>The controller sends lines of its memory to the outputs COM0 to COM63. They begin at the start line, the multiplex ratio says how
/// many there are, and the display offset moves them up or down. COMPINS says which output goes to which pad, depending on how the maker
/// wired the glass: 64 lines take them in turn from both sides, 32 lines in order from one side.</para>
/// <para>The datasheet gives 0x00 to 0x1F and 0xB0 to 0xB7 to page addressing only. Here they move the pointers in every mode, because
/// drivers in use rely on it (u8g2, Tiny4kOLED, nanoFramework's binding).</para>
/// <para>Scrolling, which moves the memory over time, is not modelled. Contrast is kept, but a lit pixel is white at every contrast.</para>
/// </remarks>
internal sealed class Ssd1306Panel : Panel
{
    private const int Width = 128, MemoryLines = 64, PageLines = 8, Pages = MemoryLines / PageLines, Lit = 0x3FFFF, Pads = 64, Side = Pads / 2;
    private const int Horizontal = 0, Vertical = 1, Paged = 2, LeastMultiplex = 16, PumpOn = 0x04, Alternative = 0x10, Exchanged = 0x20;

    private readonly int _height;
    private readonly byte[] _memory = new byte[Width * Pages];
    private readonly byte[] _parameters = new byte[6];

    private byte _command;
    private int _count, _expected, _mode, _column, _page, _columnStart, _startLine, _multiplex, _offset, _pins;
    private (int First, int Last) _columns, _pages;
    private bool _isOn, _pumps, _mirrors, _scansDown, _isAllOn, _isInverse;

    /// <summary>Makes a module that has just been powered on.</summary>
    /// <param name="height">Lines of its glass: 64 or 32.</param>
    public Ssd1306Panel(int height)
        : base("SSD1306", Width, height)
    {
        if (height is not (64 or 32))
        {
            throw new ArgumentOutOfRangeException(nameof(height), height, "an SSD1306 has a glass of 64 or 32 lines");
        }
        _height = height;
        Reset();
    }

    /// <inheritdoc/>
    public override string? Missing => (_pumps, _isOn) switch
    {
        (false, false) => "the charge pump (0x8D 0x14) and display on (0xAF)",
        (false, true) => "the charge pump (0x8D 0x14)",
        (true, false) => "display on (0xAF)",
        _ => null,
    };

    /// <summary>The current of a lit pixel, 0 to 255.</summary>
    public int Contrast { get; private set; }

    /// <inheritdoc/>
    public override void Reset()
    {
        _isOn = _pumps = _mirrors = _scansDown = _isAllOn = _isInverse = false;
        _mode = Paged;
        _columns = (0, Width - 1);
        _pages = (0, Pages - 1);
        _command = 0;
        _count = _expected = _column = _page = _columnStart = _startLine = _offset = 0;
        _multiplex = MemoryLines;
        _pins = Alternative;
        Contrast = 0x7F;
    }

    /// <inheritdoc/>
    public override void Command(byte command)
    {
        if (_expected > _count)
        {
            _parameters[_count++] = command;
        }
        else
        {
            _command = command;
            _count = 0;
            _expected = ParametersOf(command);
        }
        if (_count == _expected)
        {
            Execute();
        }
    }

    /// <inheritdoc/>
    public override void Data(ReadOnlySpan<byte> data)
    {
        foreach (byte column in data)
        {
            // The remap lies between bus and memory, so earlier bytes stay where they are.
            _memory[(_page * Width) + (_mirrors ? Width - 1 - _column : _column)] = column;
            Advance();
        }
    }

    /// <inheritdoc/>
    public override int ColorAt(int x, int y)
    {
        int pad = PadOf(_height - 1 - y, _height == MemoryLines ? Alternative : 0);
        int output = OutputAt(pad), moved = Wrap(output - _offset);
        int row = _scansDown ? _multiplex - 1 - moved : Wrap(output + _offset);
        if (row < 0 || row >= _multiplex)
        {
            return 0;
        }
        int line = Wrap(row + _startLine);
        bool isLit = _isAllOn || (_memory[(line / PageLines * Width) + Segment(x)] >> (line % PageLines) & 1) != 0;
        return isLit != _isInverse ? Lit : 0;
    }

    /// <summary>Segment 0 is at the right of the glass.</summary>
    private static int Segment(int x) => Width - 1 - x;

    private static int Wrap(int line) => line & (MemoryLines - 1);

    /// <summary>The pad of an output for given bits of COMPINS.</summary>
    private static int PadOf(int output, int pins)
    {
        int pad = (pins & Alternative) == 0 ? output : (output % 2 * Side) + (output / 2);
        return (pins & Exchanged) == 0 ? pad : (pad + Side) % Pads;
    }

    private int OutputAt(int pad)
    {
        int output = 0;
        while (PadOf(output, _pins) != pad)
        {
            output++;
        }
        return output;
    }

    private static int ParametersOf(byte command) => command switch
    {
        0x20 or 0x81 or 0x8D or 0xA8 or 0xD3 or 0xD5 or 0xD9 or 0xDA or 0xDB => 1,
        0x21 or 0x22 or 0xA3 => 2,
        0x29 or 0x2A => 5,
        0x26 or 0x27 => 6,
        _ => 0,
    };

    private void Execute()
    {
        int first = _parameters[0], last = _parameters[1];
        switch (_command)
        {
            case <= 0x0F:
                _column = _columnStart = (_columnStart & 0xF0) | _command;
                break;
            case <= 0x1F:
                _column = _columnStart = (_columnStart & 0x0F) | (_command & 0x07) << 4;
                break;
            case 0x20:
                SetMode(first & 3);
                break;
            case 0x21:
                SetRange(ref _columns, ref _column, first & 0x7F, last & 0x7F);
                break;
            case 0x22:
                SetRange(ref _pages, ref _page, first & 7, last & 7);
                break;
            case 0x2E or 0xE3 or 0xD5 or 0xD9 or 0xDB:
                // NOP, the end of a scroll that does not run, and electrical settings: clock, pre-charge, VCOMH.
                break;
            case >= 0x40 and <= 0x7F:
                _startLine = _command & 0x3F;
                break;
            case 0x81:
                Contrast = first;
                break;
            case 0x8D:
                _pumps = (first & PumpOn) != 0;
                break;
            case 0xA0 or 0xA1:
                _mirrors = _command == 0xA1;
                break;
            case 0xA4 or 0xA5:
                _isAllOn = _command == 0xA5;
                break;
            case 0xA6 or 0xA7:
                _isInverse = _command == 0xA7;
                break;
            case 0xA8:
                SetMultiplex((first & 0x3F) + 1);
                break;
            case 0xAE or 0xAF:
                _isOn = _command == 0xAF;
                break;
            case >= 0xB0 and <= 0xB7:
                _page = _command & 7;
                break;
            case >= 0xC0 and <= 0xCF:
                _scansDown = (_command & 8) != 0;
                break;
            case 0xD3:
                _offset = first & 0x3F;
                break;
            case 0xDA:
                _pins = first & (Alternative | Exchanged);
                break;
            default:
                LeaveOut($"0x{_command:X2}");
                break;
        }
    }

    private void SetMode(int mode)
    {
        if (mode > Paged)
        {
            LeaveOut($"addressing mode {mode}");
            return;
        }
        _mode = mode;
    }

    private void SetRange(ref (int First, int Last) range, ref int pointer, int first, int last)
    {
        if (first > last)
        {
            LeaveOut($"0x{_command:X2} {first} to {last}, whose end comes before its start");
            return;
        }
        range = (first, last);
        if (_mode != Paged)
        {
            pointer = first;
        }
    }

    private void SetMultiplex(int lines)
    {
        if (lines < LeastMultiplex)
        {
            LeaveOut($"a multiplex ratio of {lines}");
            return;
        }
        _multiplex = lines;
    }

    private void Advance()
    {
        switch (_mode)
        {
            case Horizontal:
                if (Step(ref _column, _columns) && Step(ref _page, _pages))
                {
                    Frames++;
                }
                break;
            case Vertical:
                if (Step(ref _page, _pages) && Step(ref _column, _columns))
                {
                    Frames++;
                }
                break;
            default:
                _column = _column == Width - 1 ? _columnStart : _column + 1;
                break;
        }
    }

    /// <summary>Advances a pointer, and says whether it passed the end of its range.</summary>
    private static bool Step(ref int pointer, (int First, int Last) range)
    {
        bool isLast = pointer == range.Last;
        pointer = isLast ? range.First : pointer + 1;
        return isLast;
    }
}
