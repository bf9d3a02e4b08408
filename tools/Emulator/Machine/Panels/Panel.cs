using System.Buffers.Binary;
using Carveout.Video;

namespace Carveout.Emulator.Machine.Panels;

/// <summary>A display module: the state of its controller, as far as a program can see it on the glass, and the glass.</summary>
/// <remarks>What a panel is told and what its model leaves out is kept by name, so that a picture that may be wrong says so.</remarks>
internal abstract class Panel(string name, int width, int height)
{
    private const int PixelSize = 2;

    private readonly SortedDictionary<string, int> _notModelled = new(StringComparer.Ordinal);

    /// <summary>The controller's name.</summary>
    public string Name { get; } = name;

    /// <summary>The format of <see cref="Picture"/>, as the module hangs.</summary>
    public VideoFormat Format { get; } = new(width, height, PixelFormat.RGB565);

    /// <summary>What it still has to be sent before anything is seen; null while it is on.</summary>
    public abstract string? Missing { get; }

    /// <summary>How many times the window that was open has been written to its last pixel.</summary>
    public long Frames { get; protected set; }

    /// <summary>What it was sent and does not model, by the datasheet's code, and how many times.</summary>
    public IReadOnlyDictionary<string, int> NotModelled => _notModelled;

    /// <summary>What whoever looks at the picture has to know of it, a sentence each; empty where it is to be trusted.</summary>
    public IEnumerable<string> Remarks()
    {
        if (Missing is not null)
        {
            yield return $"{Name} shows nothing: it still waits for {Missing}";
        }
        foreach ((string what, int times) in _notModelled)
        {
            yield return $"{Name} was sent {what}: not modelled ({times} {(times == 1 ? "time" : "times")})";
        }
    }

    /// <summary>Its reset line was pulled. The memory keeps what it has, as the chip's does.</summary>
    public abstract void Reset();

    /// <summary>It got a byte while the line said command.</summary>
    public abstract void Command(byte command);

    /// <summary>It got bytes while the line said data.</summary>
    public abstract void Data(ReadOnlySpan<byte> data);

    /// <summary>What one sees: black unless it was switched on.</summary>
    /// <returns>An image of <see cref="Format"/>.</returns>
    public byte[] Picture()
    {
        byte[] picture = new byte[Format.SizeImage];
        if (Missing is null)
        {
            for (int y = 0; y < Format.Height; y++)
            {
                for (int x = 0; x < Format.Width; x++)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(picture.AsSpan((y * Format.BytesPerLine) + (x * PixelSize)), Rgb565(ColorAt(x, y)));
                }
            }
        }
        return picture;
    }

    /// <summary>The colour that the controller sends to a pixel of the glass, whether it is on or not: six bits each of red, green and blue.</summary>
    public abstract int ColorAt(int x, int y);

    /// <summary>Keeps the name of something that was sent and is not modelled.</summary>
    protected void LeaveOut(string what) => _notModelled[what] = _notModelled.GetValueOrDefault(what) + 1;

    private static ushort Rgb565(int color) => (ushort)(((color >> 13) << 11) | ((color >> 6 & 63) << 5) | (color >> 1 & 31));
}
