namespace Iot.Device.Ssd13xx;

/// <summary>nanoFramework's binding, as far as our device code calls it, with a panel at the other end.</summary>
/// <remarks>Like the binding, it sets horizontal addressing and then selects each page by 0xB0, which belongs to page addressing in the
/// datasheet.
/// </remarks>
public sealed class Ssd13xx
{
    private const byte LinesPerPage = 8;

    private readonly Ssd1306Panel _panel;
    private readonly byte[] _pixels;

    /// <summary>Sets up the panel and switches it on.</summary>
    internal Ssd13xx(Ssd1306Panel panel)
    {
        _panel = panel;
        Width = panel.Format.Width;
        Height = panel.Format.Height;
        _pixels = new byte[Width * Height / LinesPerPage];
        byte pins = Height == 64 ? (byte)0x12 : (byte)0x02;
        Send(0xAE, 0x20, 0x00, 0xA1, 0xC8, 0xA8, (byte)(Height - 1), 0xDA, pins, 0x8D, 0x14, 0xAF);
    }

    public int Width { get; }

    public int Height { get; }

    public void DrawDirectAligned(int x, int y, int width, int height, byte[] buffer)
    {
        Assert.AreEqual((0, 0, Width, Height), (x, y, width, height));
        Assert.HasCount(_pixels.Length, buffer);
        buffer.CopyTo(_pixels, 0);
    }

    public void Display()
    {
        for (int page = 0; page < Height / LinesPerPage; page++)
        {
            Send((byte)(0xB0 + page), 0x00, 0x10);
            _panel.Data(_pixels.AsSpan(page * Width, Width));
        }
    }

    private void Send(params ReadOnlySpan<byte> commands)
    {
        foreach (byte command in commands)
        {
            _panel.Command(command);
        }
    }
}
