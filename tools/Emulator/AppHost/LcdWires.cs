using System.Buffers.Binary;
using Carveout.Emulator.Machine;
using Carveout.Video;

namespace Carveout.Emulator.AppHost;

/// <summary>SPI with an ILI9341 at its end that hangs upright or lies: of its commands those that set a window and fill it.</summary>
internal sealed class LcdWires(EventQueue clock, int frequency) : PanelWires(clock, frequency, new VideoFormat(Width, Height, PixelFormat.RGB565X))
{
    private const int Width = 320, Height = 240, PixelSize = 2;
    private const byte ColumnAddress = 0x2A, PageAddress = 0x2B, MemoryWrite = 0x2C;

    private byte _command;
    private (int First, int Last) _columns, _lines;
    private int _written;

    /// <inheritdoc/>
    protected override long Bits(int bytes) => 8L * bytes;

    /// <inheritdoc/>
    protected override void OnCommand(byte command)
    {
        _command = command;
        _written = 0;
    }

    /// <inheritdoc/>
    protected override void OnData(ReadOnlySpan<byte> data)
    {
        switch (_command)
        {
            case ColumnAddress:
                _columns = Range(data);
                break;
            case PageAddress:
                _lines = Range(data);
                break;
            case MemoryWrite:
                Write(data);
                break;
            default:
                break;
        }
    }

    private static (int First, int Last) Range(ReadOnlySpan<byte> data) =>
        (BinaryPrimitives.ReadUInt16BigEndian(data), BinaryPrimitives.ReadUInt16BigEndian(data[2..]));

    private void Write(ReadOnlySpan<byte> data)
    {
        int width = _columns.Last - _columns.First + 1, pixels = width * (_lines.Last - _lines.First + 1);
        while (data.Length > 0)
        {
            int pixel = _written % pixels, x = pixel % width, y = _lines.First + (pixel / width);
            int run = Math.Min(data.Length / PixelSize, width - x);
            data[..(run * PixelSize)].CopyTo(Image.AsSpan(((y * Width) + _columns.First + x) * PixelSize));
            data = data[(run * PixelSize)..];
            _written += run;
            Frames += _written % pixels == 0 ? 1 : 0;
        }
    }
}
