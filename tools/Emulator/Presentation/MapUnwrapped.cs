using Spectre.Console.Rendering;

namespace Carveout.Emulator.Presentation;

/// <summary>Something drawn as wide as it is. A terminal that is too narrow breaks its lines, which can be read; an address that was
/// broken in its column could not.</summary>
internal sealed class MapUnwrapped(IRenderable content) : IRenderable
{
    private const int AnyWidth = 4096;

    /// <inheritdoc/>
    public Measurement Measure(RenderOptions options, int maxWidth) => content.Measure(options, AnyWidth);

    /// <inheritdoc/>
    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => content.Render(options, AnyWidth);
}
