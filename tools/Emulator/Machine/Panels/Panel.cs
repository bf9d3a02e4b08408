using System.Buffers.Binary;
using Carveout.Video;

namespace Carveout.Emulator.Machine.Panels;

/// <summary>A display module: its glass, and the state of its controller as far as it is visible.</summary>
/// <remarks>It keeps the names of everything that it was sent and does not model, so that a picture which may be wrong says so.</remarks>
internal abstract class Panel(string name, int width, int height)
{
    private const int PixelSize = 2;

    private readonly SortedDictionary<string, int> _notModelled = new(StringComparer.Ordinal);

    /// <summary>The controller's name.</summary>
    public string Name { get; } = name;

    /// <summary>The format of <see cref="Picture"/>, for the module as it hangs.</summary>
    public VideoFormat Format { get; } = new(width, height, PixelFormat.RGB565);

    /// <summary>What must still be sent before anything is visible; null while it is on.</summary>
    public abstract string? Missing { get; }

    /// <summary>How often the current window has been written to its last pixel.</summary>
    public long Frames { get; protected set; }

    /// <summary>How often it was sent something that it does not model, by the datasheet's code.</summary>
    public IReadOnlyDictionary<string, int> NotModelled => _notModelled;

    /// <summary>Warnings for those who look at the picture, a sentence each; empty if the picture can be trusted.</summary>
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

    /// <summary>Called when the reset line was pulled. The memory keeps its content, as the chip's does.</summary>
    public abstract void Reset();

    /// <summary>Receives a byte while the D/C line says command.</summary>
    public abstract void Command(byte command);

    /// <summary>Receives bytes while the D/C line says data.</summary>
    public abstract void Data(ReadOnlySpan<byte> data);

    /// <summary>The visible picture: black unless the panel is on.</summary>
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

    /// <summary>The colour that the controller sends to a pixel of the glass, also while the panel is off: six bits each of red, green and
    /// blue.</summary>
    public abstract int ColorAt(int x, int y);

    /// <summary>Notes the name of something that was sent and is not modelled.</summary>
    protected void LeaveOut(string what) => _notModelled[what] = _notModelled.GetValueOrDefault(what) + 1;

    private static ushort Rgb565(int color) => (ushort)(((color >> 13) << 11) | ((color >> 6 & 63) << 5) | (color >> 1 & 31));
}
