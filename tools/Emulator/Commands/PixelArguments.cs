using System.CommandLine;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Scenario;
using Carveout.Video;

namespace Carveout.Emulator.Commands;

/// <summary>The options of <c>play</c> for real pixels. Each of them asks for real pixels.</summary>
internal sealed class PixelArguments
{
    private readonly Option<string?> _movie = new("--movie")
    {
        Description = "A Y4M movie for the camera to see, scaled to the frames (default: a test card)", HelpName = "FILE",
    };

    private readonly Option<string?> _camera = Word("--camera", "The camera: ov2640 sends what the display takes, ov7670 YUYV and isp, a sensor "
        + "behind an image processor, NV12, which the CPU converts (default: ov2640)", BoardDevices.Cameras);

    private readonly Option<string?> _format = Word("--format", "What the camera sends: ov2640 and ov7670 YUYV, UYVY or what the display takes, isp whatever "
        + "has pixels (default: the camera's)", [.. BoardDevices.CameraFormats(BoardDevices.Processor, BoardDevices.Ltdc)
            .Union(BoardDevices.CameraFormats(BoardDevices.Rgb, BoardDevices.Spi)).Select(VideoFormat.NameOf)]);

    private readonly Option<string?> _display = Word("--display", "The display: ltdc on STM32 and ipu on i.MX31 scan frames out of memory, spi has "
        + "them sent (default: the board's first)", BoardDevices.AllDisplays);

    private readonly Option<string?> _png = new("--png") { Description = "Write displayed frames to this folder", HelpName = "DIR" };

    private readonly Option<int> _pngEvery = new("--png-every")
    {
        Description = "The first of so many displayed frames (default: one a minute of the movie)", HelpName = "N",
        CustomParser = NumberArgument.Between(1, int.MaxValue),
    };

    private readonly Option<bool> _show = new("--show") { Description = "Draw frames in the terminal while it plays; nothing where it is none" };

    private readonly Option<FaultOrder[]> _faults = new("--fault")
    {
        Description = $"What is to go wrong, more than once if need be: {FaultArgument.Expected} (default: after 1 s, fail-alloc at the first "
            + "start)",
        HelpName = "KIND[@WHEN]",
        CustomParser = FaultArgument.ParseAll(FaultArgument.Parse, FaultArgument.Expected),
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>All of these options.</summary>
    public Option[] All => [_movie, _camera, _format, _display, _png, _pngEvery, _show, _faults];

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in All)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Whether frames are drawn in the terminal.</summary>
    public bool Shows(ParseResult parsed) => parsed.GetValue(_show);

    /// <summary>The values for a board; null if no option asks for pixels.</summary>
    /// <exception cref="UsageException">The board does not have the display, or options do not go together.</exception>
    public PixelOptions? In(ParseResult parsed, EmulatedBoard board)
    {
        if (!Array.Exists(All, option => parsed.GetResult(option) is { Implicit: false }))
        {
            return null;
        }
        IReadOnlyList<string> displays = board.Displays;
        string display = parsed.GetValue(_display) ?? displays[0];
        if (!displays.Contains(display))
        {
            throw new UsageException($"--display {display}: {board} has none, expected {string.Join(" or ", displays)}");
        }
        string camera = parsed.GetValue(_camera) ?? board.Cameras[0];
        if (!board.Cameras.Contains(camera))
        {
            throw new UsageException($"--camera {camera}: {board} has none, expected {string.Join(" or ", board.Cameras)}");
        }
        PixelFormat[] formats = BoardDevices.CameraFormats(camera, display);
        PixelFormat format = parsed.GetValue(_format) is string word ? Enum.Parse<PixelFormat>(word) : formats[0];
        if (!formats.Contains(format))
        {
            throw new UsageException($"--format {format}: {camera} sends {string.Join(", ", formats)}; expected one of them, or --camera isp");
        }
        string? folder = parsed.GetValue(_png);
        int every = parsed.GetValue(_pngEvery);
        if (every != 0 && folder is null)
        {
            throw new UsageException($"--png-every {every}: expected --png DIR with it");
        }
        return new PixelOptions(parsed.GetValue(_movie), camera, display, folder, every,
            parsed.GetValue(_faults) ?? [], format);
    }

    private static Option<string?> Word(string name, string description, string[] words)
    {
        var option = new Option<string?>(name)
        {
            Description = description, HelpName = string.Join('|', words),
            CustomParser = result =>
            {
                string given = result.Tokens[0].Value;
                string? word = Array.Find(words, word => word.Equals(given, StringComparison.OrdinalIgnoreCase));
                if (word is null)
                {
                    result.AddError($"{name} {given}: expected {string.Join(", ", words)}");
                }
                return word;
            },
        };
        option.CompletionSources.Add(words);
        return option;
    }
}
