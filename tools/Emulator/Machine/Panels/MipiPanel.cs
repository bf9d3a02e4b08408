using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Carveout.Emulator.Machine.Panels;

/// <summary>An LCD controller with the MIPI command set, and its glass: the common part of ILI9341 (datasheet V1.11), ILI9342C and ST7789V
/// (V1.6).</summary>
/// <remarks>
/// <para>The memory has 18 bits a pixel. CASET and RASET count in coordinates that MADCTL defines: MV exchanges them, then MX counts the
/// memory's columns and MY its lines from the other end. An end beyond the memory counts as its last column or line: by the datasheets,
/// what is out of range is ignored, and drivers that send the width for the last column work on the chips. A window that begins beyond the
/// memory takes no pixels.</para>
/// <para>BGR, inversion, idle mode and scrolling work between memory and glass, so they also change what was written before. MADCTL's ML
/// and MH change the order of refreshing, which a still picture does not show.</para>
/// </remarks>
internal abstract class MipiPanel : Panel
{
    private const byte NOP = 0x00, SWRESET = 0x01, SLPIN = 0x10, SLPOUT = 0x11, NORON = 0x13, INVOFF = 0x20, INVON = 0x21, DISPOFF = 0x28;
    private const byte DISPON = 0x29, CASET = 0x2A, RASET = 0x2B, RAMWR = 0x2C, VSCRDEF = 0x33, MADCTL = 0x36, VSCRSADD = 0x37, IDMOFF = 0x38;
    private const byte IDMON = 0x39, COLMOD = 0x3A, RAMWRC = 0x3C;

    private const int MY = 0x80, MX = 0x40, MV = 0x20, BGR = 0x08;
    private const int Bits16 = 5, Bits18 = 6, White = 0x3FFFF, MostPixelBytes = 3, MostParameters = 16;

    private readonly Glass _glass;
    private readonly int _width, _height;
    private readonly int[] _memory;
    private readonly byte[] _parameters = new byte[MostParameters], _cut = new byte[MostPixelBytes];

    private byte _command;
    private int _count, _cutLength, _access, _pixel, _column, _line, _fixedLines, _scrolledLines, _scrollStart;
    private (int First, int Last) _columns, _lines;
    private bool _sleeps, _isOff, _isInverted, _isIdle, _scrolls, _isFull;

    /// <summary>Makes a controller that has just been powered on.</summary>
    protected MipiPanel(string name, int width, int height, Glass glass)
        : base(name, glass.ShownWidth, glass.ShownHeight)
    {
        _glass = glass;
        _width = width;
        _height = height;
        _memory = new int[width * height];
        ResetAll();
    }

    /// <inheritdoc/>
    public sealed override string? Missing => (_sleeps, _isOff) switch
    {
        (true, true) => "SLPOUT (0x11) and DISPON (0x29)",
        (true, false) => "SLPOUT (0x11)",
        (false, true) => "DISPON (0x29)",
        _ => null,
    };

    /// <summary>Whether a pixel of 16 bits arrives low byte first.</summary>
    protected bool IsLowByteFirst { get; set; }

    /// <summary>Whether pixels beyond the window's last one are dropped. Otherwise they go to the first one again.</summary>
    protected bool StopsAtEnd { get; set; }

    /// <summary>Whether the source drivers, and so the columns, are driven from the other end.</summary>
    protected bool DrivesColumnsBackwards { get; set; }

    /// <summary>Whether the gate drivers, and so the lines, are driven from the other end.</summary>
    protected bool DrivesLinesBackwards { get; set; }

    /// <summary>Whether the levels of the source drivers are exchanged.</summary>
    protected bool ReversesLevels { get; set; }

    private (int Columns, int Lines) Counted => (_access & MV) != 0 ? (_height, _width) : (_width, _height);

    /// <inheritdoc/>
    public sealed override void Reset() => ResetAll();

    /// <inheritdoc/>
    public sealed override void Command(byte command)
    {
        _command = command;
        _count = _cutLength = 0;
        switch (command)
        {
            case SWRESET:
                ResetByCommand();
                break;
            case SLPIN:
                _sleeps = true;
                break;
            case SLPOUT:
                _sleeps = false;
                break;
            case NORON:
                _scrolls = false;
                break;
            case INVOFF:
                _isInverted = false;
                break;
            case INVON:
                _isInverted = true;
                break;
            case DISPOFF:
                _isOff = true;
                break;
            case DISPON:
                _isOff = false;
                break;
            case IDMOFF:
                _isIdle = false;
                break;
            case IDMON:
                _isIdle = true;
                break;
            case RAMWR:
                (_column, _line) = (_columns.First, _lines.First);
                _isFull = false;
                break;
            case NOP or CASET or RASET or RAMWRC or VSCRDEF or MADCTL or VSCRSADD or COLMOD:
                break;
            default:
                if (!Knows(command))
                {
                    LeaveOut($"0x{command:X2}");
                }
                break;
        }
    }

    /// <inheritdoc/>
    public sealed override void Data(ReadOnlySpan<byte> data)
    {
        if (_command is RAMWR or RAMWRC)
        {
            Write(data);
            return;
        }
        foreach (byte parameter in data)
        {
            if (_count < MostParameters)
            {
                _parameters[_count++] = parameter;
                OnParameters(_command, _parameters.AsSpan(0, _count));
            }
        }
    }

    /// <inheritdoc/>
    public sealed override int ColorAt(int x, int y)
    {
        (x, y) = _glass.Upright(x, y);
        (x, y) = (_glass.Column + x, _glass.Row + y);
        int column = _glass.IsMirrored != DrivesColumnsBackwards ? _width - 1 - x : x;
        int color = _memory[(Scrolled(DrivesLinesBackwards ? _height - 1 - y : y) * _width) + column];
        if (((_access & BGR) != 0) != _glass.IsBgr)
        {
            color = (color & 63) << 12 | (color & 63 << 6) | color >> 12;
        }
        if (_isIdle)
        {
            color = (color >> 17 & 1) * (63 << 12) | (color >> 11 & 1) * (63 << 6) | (color >> 5 & 1) * 63;
        }
        return _isInverted ^ _glass.IsNormallyBlack ^ ReversesLevels ? color ^ White : color;
    }

    /// <summary>Whether the model knows a command of the chip's own, or the command's effect is only electrical: power, timing,
    /// gamma.</summary>
    protected abstract bool Knows(byte command);

    /// <summary>Called when another parameter of one of the chip's own commands has arrived.</summary>
    protected abstract void OnOwnParameters(byte command, ReadOnlySpan<byte> parameters);

    /// <summary>Resets the state of the chip's own commands to that after power-on.</summary>
    protected abstract void ResetOwn();

    private void ResetAll()
    {
        _access = 0;
        _pixel = Bits18;
        ResetByCommand();
    }

    /// <summary>Resets by SWRESET, which leaves MADCTL, COLMOD and the memory as they are.</summary>
    private void ResetByCommand()
    {
        _sleeps = _isOff = true;
        _isInverted = _isIdle = _scrolls = _isFull = false;
        (int columns, int lines) = Counted;
        _columns = (0, columns - 1);
        _lines = (0, lines - 1);
        _column = _line = _fixedLines = _scrollStart = 0;
        _scrolledLines = _height;
        _command = NOP;
        ResetOwn();
    }

    private void OnParameters(byte command, ReadOnlySpan<byte> parameters)
    {
        switch (command, parameters.Length)
        {
            case (CASET, 4):
                SetRange(ref _columns, "CASET", parameters);
                break;
            case (RASET, 4):
                SetRange(ref _lines, "RASET", parameters);
                break;
            case (MADCTL, 1):
                _access = parameters[0];
                break;
            case (COLMOD, 1):
                _pixel = parameters[0] & 7;
                if (_pixel is not (Bits16 or Bits18))
                {
                    LeaveOut($"COLMOD 0x{parameters[0]:X2}, which is neither 16 nor 18 bits a pixel");
                }
                break;
            case (VSCRDEF, 6):
                SetScrollArea(parameters);
                break;
            case (VSCRSADD, 2):
                _scrollStart = BinaryPrimitives.ReadUInt16BigEndian(parameters);
                _scrolls = true;
                break;
            default:
                OnOwnParameters(command, parameters);
                break;
        }
    }

    private void SetRange(ref (int First, int Last) range, string name, ReadOnlySpan<byte> parameters)
    {
        int first = BinaryPrimitives.ReadUInt16BigEndian(parameters), last = BinaryPrimitives.ReadUInt16BigEndian(parameters[2..]);
        if (first > last)
        {
            // The datasheets only forbid it.
            LeaveOut($"{name} {first} to {last}, whose end comes before its start");
            return;
        }
        range = (first, last);
    }

    private void SetScrollArea(ReadOnlySpan<byte> parameters)
    {
        int top = BinaryPrimitives.ReadUInt16BigEndian(parameters), middle = BinaryPrimitives.ReadUInt16BigEndian(parameters[2..]);
        int bottom = BinaryPrimitives.ReadUInt16BigEndian(parameters[4..]);
        if (middle == 0 || top + middle + bottom != _height)
        {
            LeaveOut($"VSCRDEF {top}, {middle}, {bottom}, which are not the {_height} lines of the memory");
            return;
        }
        _fixedLines = top;
        _scrolledLines = middle;
    }

    private int Scrolled(int line)
    {
        int within = line - _fixedLines;
        if (!_scrolls || within < 0 || within >= _scrolledLines)
        {
            return line;
        }
        int from = (within + _scrollStart - _fixedLines) % _scrolledLines;
        return _fixedLines + (from < 0 ? from + _scrolledLines : from);
    }

    private void Write(ReadOnlySpan<byte> data)
    {
        int size = _pixel switch { Bits16 => 2, Bits18 => 3, _ => 0 };
        if (size == 0)
        {
            return;
        }
        while (_cutLength > 0 && data.Length > 0)
        {
            _cut[_cutLength++] = data[0];
            data = data[1..];
            if (_cutLength == size)
            {
                _cutLength = 0;
                WriteRun(_cut.AsSpan(0, size), size);
            }
        }
        while (data.Length >= size)
        {
            data = data[WriteRun(data[..(data.Length - (data.Length % size))], size)..];
        }
        // A transfer may end within a pixel; the rest of the pixel comes with the next transfer.
        data.CopyTo(_cut);
        _cutLength += data.Length;
    }

    /// <summary>Writes pixels up to the end of the window's line.</summary>
    /// <returns>How many bytes it used.</returns>
    private int WriteRun(ReadOnlySpan<byte> data, int size)
    {
        (int columns, int lines) = Counted;
        int lastColumn = Math.Min(_columns.Last, columns - 1), lastLine = Math.Min(_lines.Last, lines - 1);
        if (_isFull || _column > lastColumn || _line > lastLine)
        {
            return data.Length;
        }
        int run = Math.Min(data.Length / size, lastColumn - _column + 1);
        bool exchanged = (_access & MV) != 0;
        (int x, int y) = exchanged ? (_line, _column) : (_column, _line);
        x = (_access & MX) != 0 ? _width - 1 - x : x;
        y = (_access & MY) != 0 ? _height - 1 - y : y;
        int step = exchanged ? ((_access & MY) != 0 ? -_width : _width) : (_access & MX) != 0 ? -1 : 1;
        Fill((y * _width) + x, step, run, data, size);
        Advance(run, lastColumn, lastLine);
        return run * size;
    }

    private void Fill(int at, int step, int run, ReadOnlySpan<byte> data, int size)
    {
        int[] memory = _memory;
        if (size == MostPixelBytes)
        {
            for (int i = 0; i < run; i++, at += step)
            {
                memory[at] = data[3 * i] >> 2 << 12 | data[(3 * i) + 1] >> 2 << 6 | data[(3 * i) + 2] >> 2;
            }
            return;
        }
        bool isExchanged = IsLowByteFirst != BitConverter.IsLittleEndian;
        foreach (ushort stored in MemoryMarshal.Cast<byte, ushort>(data)[..run])
        {
            int pixel = isExchanged ? BinaryPrimitives.ReverseEndianness(stored) : stored, red = pixel >> 11, blue = pixel & 31;
            memory[at] = (red << 1 | red >> 4) << 12 | (pixel >> 5 & 63) << 6 | blue << 1 | blue >> 4;
            at += step;
        }
    }

    private void Advance(int run, int lastColumn, int lastLine)
    {
        _column += run;
        if (_column <= lastColumn)
        {
            return;
        }
        _column = _columns.First;
        if (++_line > lastLine)
        {
            _line = _lines.First;
            _isFull = StopsAtEnd;
            Frames++;
        }
    }
}
