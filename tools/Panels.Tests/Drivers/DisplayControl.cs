using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Carveout.Video.Displays;

namespace nanoFramework.UI;

/// <summary>The firmware behind nanoFramework.Graphics, as far as our device code calls it. Each thread has its own screen.</summary>
/// <remarks>As in the firmware's drivers of LCDs, a write is a window and then the pixels, with their high bytes first. Those drivers check
/// neither the length of the array nor the edge of the screen; this class does.</remarks>
internal static class DisplayControl
{
    private const byte SLPOUT = 0x11, DISPON = 0x29, CASET = 0x2A, RASET = 0x2B, RAMWR = 0x2C, MADCTL = 0x36, COLMOD = 0x3A, Pixels16 = 0x55;
    private const int MY = 0x80, MX = 0x40, MV = 0x20, BGR = 0x08;

    [ThreadStatic]
    private static Screen? s_screen;

    public static int ScreenWidth => s_screen?.Width ?? 0;

    public static int ScreenHeight => s_screen?.Height ?? 0;

    public static int BitsPerPixel => s_screen?.BitsPerPixel ?? 0;

    /// <summary>The writes to this thread's screen, with their places and lengths.</summary>
    public static List<string> Writes => s_screen!.Writes;

    /// <summary>No screen has been set up.</summary>
    public static void Forget() => s_screen = null;

    /// <summary>Sets up a screen, or rotates it; the old size is forgotten.</summary>
    public static void Drive(Panel panel, Rotation rotation, int bitsPerPixel = 16)
    {
        s_screen = new Screen(panel, bitsPerPixel);
        panel.Command(SLPOUT);
        Send(panel, COLMOD, Pixels16);
        Send(panel, MADCTL, (byte)(BGR | rotation switch
        {
            Rotation.Clockwise90 => MV,
            Rotation.Clockwise180 => MY,
            Rotation.Clockwise270 => MX | MY | MV,
            _ => MX,
        }));
        panel.Command(DISPON);
    }

    public static void Write(ushort x, ushort y, ushort width, ushort height, ushort[] colors)
    {
        Screen screen = s_screen!;
        screen.Writes.Add($"{width}x{height} at {x},{y} of {colors.Length}");
        Assert.IsLessThanOrEqualTo(screen.Width, x + width);
        Assert.IsLessThanOrEqualTo(screen.Height, y + height);
        Range(screen.Panel, CASET, x, width);
        Range(screen.Panel, RASET, y, height);
        screen.Panel.Command(RAMWR);
        ushort[] turned = [.. colors.Take(width * height).Select(BinaryPrimitives.ReverseEndianness)];
        screen.Panel.Data(MemoryMarshal.AsBytes(turned.AsSpan()));
    }

    private static void Range(Panel panel, byte command, int first, int count)
    {
        int last = first + count - 1;
        Send(panel, command, (byte)(first >> 8), (byte)first, (byte)(last >> 8), (byte)last);
    }

    private static void Send(Panel panel, byte command, params ReadOnlySpan<byte> parameters)
    {
        panel.Command(command);
        panel.Data(parameters);
    }

    private sealed record Screen(Panel Panel, int BitsPerPixel)
    {
        public int Width => Panel.Format.Width;

        public int Height => Panel.Format.Height;

        public List<string> Writes { get; } = [];
    }
}
