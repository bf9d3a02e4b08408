using Spectre.Console;
using Spectre.Console.Rendering;

namespace Carveout.Emulator.Presentation;

/// <summary>Standard output as maps are drawn on it: a terminal of its own width and colours, or plain lines of their own length.</summary>
internal sealed class MapScreen
{
    /// <summary>For the picture where there is no terminal; tables and sentences are never wrapped there.</summary>
    private const int RedirectedWidth = 80, Unwrapped = 4096;

    private readonly IAnsiConsole? _terminal;

    /// <summary>Standard output as it is now.</summary>
    public MapScreen()
    {
        if (!Console.IsOutputRedirected)
        {
            _terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        }
        Width = _terminal?.Profile.Width ?? RedirectedWidth;
        Unicode = _terminal?.Profile.Capabilities.Unicode ?? true;
    }

    /// <summary>Whether it takes characters beyond ASCII.</summary>
    public bool Unicode { get; }

    /// <summary>Cells of a line.</summary>
    public int Width { get; }

    /// <summary>Prints.</summary>
    public void Write(IRenderable page)
    {
        if (_terminal is not null)
        {
            _terminal.Write(page);
            return;
        }
        var lines = new StringWriter();
        // No enrichment: in some build services it would switch colours on.
        IAnsiConsole plain = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(lines), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No, Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        plain.Profile.Width = Unwrapped;
        plain.Write(page);
        foreach (string line in lines.ToString().TrimEnd().Split('\n'))
        {
            Console.Out.WriteLine(line.TrimEnd());
        }
    }
}
