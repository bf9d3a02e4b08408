namespace Carveout.Panels.Tests;

/// <summary>A driver with the panel at the end of its wires, after its set-up.</summary>
/// <param name="Panel">The panel.</param>
/// <param name="Show">Makes the driver show a picture, RGB565.</param>
internal sealed record Connection(Panel Panel, Action<byte[]> Show) : IDisposable
{
    /// <summary>The object to dispose of.</summary>
    public IDisposable? Driver { get; init; }

    /// <summary>Lines of the driver's pictures.</summary>
    public int Lines { get; init; } = Panel.Format.Height;

    /// <summary>The part of a picture that is visible.</summary>
    public Func<byte[], byte[]> Seen { get; init; } = picture => picture;

    /// <summary>How many windows of the panel a picture fills; 0 if it is only a part of one.</summary>
    public int Windows { get; init; } = 1;

    /// <summary>A picture that the driver takes, in colours that the panel has.</summary>
    public byte[] NextPicture(int seed) => Panel is Ssd1306Panel
        ? Noise.BlackAndWhite(Panel.Format.Width, Lines, seed)
        : Noise.Picture(Panel.Format.Width, Lines, seed);

    public void Dispose() => Driver?.Dispose();
}
