using Carveout.Diagnostics;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Scenario;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Carveout.Emulator.Presentation;

/// <summary>Shows a run while it plays: zones and free blocks in a terminal, otherwise a line on standard error now and then.</summary>
internal sealed class PlayView(PlayRun run, PlayOptions options, bool show)
{
    private const int RedrawMilliseconds = 100, WidestBar = 24, NarrowestBar = 6, PictureColumns = 80;

    /// <summary>Cells of a line of the table without its bar, and cells of the blocks by size, which are shown if there is room.</summary>
    private const int TableColumns = 49, BlockColumns = 32;
    private const double LineEvery = 0.1;

    private static readonly Style s_faint = new(decoration: Decoration.Dim);

    private long _drawn = Environment.TickCount64;
    private readonly byte[] _picture = new byte[run.Screen?.Format.SizeImage ?? 0];
    private double _nextLine = LineEvery;

    /// <summary>Whether there is a terminal to draw on.</summary>
    public static bool CanDraw => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;

    /// <summary>Runs <paramref name="play"/>, and gives it the callback that it must call now and then.</summary>
    /// <param name="draw">Whether to draw; otherwise it prints progress lines.</param>
    /// <param name="play">The run.</param>
    public PlayResult Follow(bool draw, Func<Action, PlayResult> play)
    {
        if (!draw)
        {
            return play(WriteLine);
        }
        int width = AnsiConsole.Profile.Width;
        try
        {
            return AnsiConsole.Live(Draw(width)).AutoClear(true).Start(context => play(() =>
            {
                if (Environment.TickCount64 - _drawn >= RedrawMilliseconds)
                {
                    _drawn = Environment.TickCount64;
                    context.UpdateTarget(Draw(width));
                }
            }));
        }
        finally
        {
            // Write the final picture as ordinary text: a live picture ends with an empty line, for which a terminal of 24 lines has no
            // room.
            AnsiConsole.Write(Draw(width));
        }
    }

    private void WriteLine()
    {
        if (run.Progress >= _nextLine)
        {
            Console.Error.WriteLine($"{ClockText.Of(run.Seconds)}  {run.Progress * 100:0} %  {CountText.Of(run.Loops, "loop")}, {CountText.Of(run.Frames, "frame")}");
            _nextLine += LineEvery;
        }
    }

    /// <summary>The present picture.</summary>
    /// <param name="width">Cells of a line.</param>
    public Rows Draw(int width)
    {
        int bar = Math.Clamp(width - TableColumns, NarrowestBar, WidestBar);
        bool hasBlocks = width >= TableColumns + WidestBar + BlockColumns;
        Table table = new Table().Border(TableBorder.Rounded).AddColumn("zone").AddColumn("used").AddColumn(new TableColumn("free").RightAligned())
            .AddColumn(new TableColumn("largest block").RightAligned());
        if (hasBlocks)
        {
            table.AddColumn("free blocks of 1 2 4 … pages");
        }
        int page = run.Allocator.PageSize;
        IReadOnlyList<ZoneState> zones = run.Zones;
        for (int i = 0; i < zones.Count; i++)
        {
            ZoneState zone = zones[i];
            Add(table, new Text(zone.Name), Bar(1 - (zone.FreeBytes / ((double)run.Allocator.ZoneAt(i).Pages * page)), bar),
                SizeText.Of(zone.FreeBytes), SizeText.Of(zone.LargestFreeBytes), string.Join(' ', zone.FreeBlocksPerOrder));
        }
        if (PlayText.PoolOf(run) is { } pool)
        {
            Add(table, new Text(pool.Name), new Text(SizeText.Of(pool.Size)), "reserved", "", "");
        }
        var rows = new List<IRenderable>();
        if (show && run.Screen is { } screen && TerminalFrame.CanShow(AnsiConsole.Console))
        {
            screen.CopyTo(_picture);
            rows.Add(new TerminalFrame(screen.Format, _picture, PictureColumns));
        }
        rows.AddRange(new Text(PlayText.Setting(options)), table, Progress(Math.Clamp(width / 3, NarrowestBar, WidestBar)),
            new Text($"application refused {CountText.Of(run.Refused, "time")}; owners: {run.Owners}"), new Text(PlayText.MomentOf(run)));
        rows.Add(new Text(string.Join(". ", PlayText.Words(run)), s_faint));
        return new Rows(rows);

        void Add(Table table, IRenderable name, IRenderable used, string free, string largest, string blocks)
        {
            IRenderable[] cells = [name, used, new Text(free), new Text(largest)];
            table.AddRow(hasBlocks ? [.. cells, new Text(blocks)] : cells);
        }
    }

    private Columns Progress(int bar) => new Columns(Bar(run.Progress, bar),
        new Text($"{ClockText.Of(run.Seconds)}  {CountText.Of(run.Loops, "loop")}  {CountText.Of(run.Frames, "frame")}")) { Expand = false };

    private static Markup Bar(double share, int width)
    {
        int full = (int)Math.Round(Math.Clamp(share, 0, 1) * width);
        return new Markup($"[green]{new string('█', full)}[/][grey]{new string('░', width - full)}[/]");
    }
}
