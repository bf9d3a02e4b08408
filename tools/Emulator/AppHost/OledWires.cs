using System.Buffers.Binary;
using Carveout.Emulator.Machine;
using Carveout.Video;

namespace Carveout.Emulator.AppHost;

/// <summary>I2C with an SSD1306 of 128x64 at its end: what it is sent as data fills its memory, page by page.</summary>
internal sealed class OledWires(EventQueue clock, int frequency) : PanelWires(clock, frequency, new VideoFormat(Width, Height, PixelFormat.RGB565))
{
    private const int Width = 128, Height = 64, PageLines = 8, PixelSize = 2, BytesOfMemory = Width * Height / PageLines;
    private const ushort Lit = 0xFFFF;

    private int _at;

    /// <summary>Nine bits a byte, before it the address and a control byte.</summary>
    /// <inheritdoc/>
    protected override long Bits(int bytes) => 9L * (bytes + 2);

    /// <inheritdoc/>
    protected override void OnCommand(byte command)
    {
    }

    /// <inheritdoc/>
    protected override void OnData(ReadOnlySpan<byte> data)
    {
        foreach (byte column in data)
        {
            int x = _at % Width, y = _at / Width * PageLines;
            for (int bit = 0; bit < PageLines; bit++)
            {
                int pixel = ((y + bit) * Width) + x;
                BinaryPrimitives.WriteUInt16LittleEndian(Image.AsSpan(pixel * PixelSize), (column >> bit & 1) != 0 ? Lit : (ushort)0);
            }
            _at = (_at + 1) % BytesOfMemory;
            Frames += _at == 0 ? 1 : 0;
        }
    }
}
