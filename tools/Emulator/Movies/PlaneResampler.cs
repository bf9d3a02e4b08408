namespace Carveout.Emulator.Movies;

/// <summary>Resamples a plane of bytes to another size, first along the lines, then across them.</summary>
internal sealed class PlaneResampler(AxisFilter across, AxisFilter down, int sourceWidth, int sourceHeight)
{
    private readonly byte[] _narrowed = new byte[across.Length * sourceHeight];

    /// <summary>Resamples a plane into another one; lines of both have no gaps between them.</summary>
    public void Resample(ReadOnlySpan<byte> from, Span<byte> to)
    {
        int width = across.Length;
        ReadOnlySpan<byte> lines = from;
        if (!across.IsCopy)
        {
            for (int y = 0; y < sourceHeight; y++)
            {
                across.Line(from.Slice(y * sourceWidth, sourceWidth), _narrowed.AsSpan(y * width, width));
            }
            lines = _narrowed;
        }
        for (int y = 0; y < down.Length; y++)
        {
            down.Lines(lines, width, y, to.Slice(y * width, width));
        }
    }
}
