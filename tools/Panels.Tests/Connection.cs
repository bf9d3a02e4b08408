namespace Carveout.Panels.Tests;

/// <summary>A driver that has set up the panel at the end of its wires.</summary>
/// <param name="Panel">The panel.</param>
/// <param name="Show">Has the driver show a picture, RGB565.</param>
internal sealed record Connection(Panel Panel, Action<byte[]> Show) : IDisposable
{
    /// <summary>What has to be disposed of.</summary>
    public IDisposable? Driver { get; init; }

    /// <summary>Lines of the pictures that the driver takes.</summary>
    public int Lines { get; init; } = Panel.Format.Height;

    /// <summary>What is seen of a picture.</summary>
    public Func<byte[], byte[]> Seen { get; init; } = picture => picture;

    /// <summary>How many windows of the panel a picture fills; none where it is only a part of one.</summary>
    public int Windows { get; init; } = 1;

    /// <summary>A picture that the driver takes and the panel has the colours for.</summary>
    public byte[] NextPicture(int seed) => Panel is Ssd1306Panel
        ? Noise.BlackAndWhite(Panel.Format.Width, Lines, seed)
        : Noise.Picture(Panel.Format.Width, Lines, seed);

    public void Dispose() => Driver?.Dispose();
}
