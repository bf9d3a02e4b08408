using Spectre.Console.Rendering;

namespace Carveout.Emulator.Presentation;

/// <summary>Draws something in its full width. If the terminal is too narrow, it wraps the lines, which are still readable; an address that
/// was wrapped in its column would not be.</summary>
internal sealed class MapUnwrapped(IRenderable content) : IRenderable
{
    private const int AnyWidth = 4096;

    /// <inheritdoc/>
    public Measurement Measure(RenderOptions options, int maxWidth) => content.Measure(options, AnyWidth);

    /// <inheritdoc/>
    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => content.Render(options, AnyWidth);
}
