using Spectre.Console;
using Spectre.Console.Rendering;

namespace Carveout.Emulator.Presentation;

/// <summary>Standard output for maps: a terminal with its width and colours, or plain lines of any length.</summary>
internal sealed class MapScreen
{
    /// <summary>The width of the picture without a terminal; tables and sentences are not wrapped there.</summary>
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

    /// <summary>Whether it takes characters outside ASCII.</summary>
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
        // No enrichment, because some build services would switch on colours.
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
