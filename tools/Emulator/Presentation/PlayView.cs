using Carveout.Diagnostics;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Scenario;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Carveout.Emulator.Presentation;

/// <summary>What one sees while a run plays: zones and free blocks in a terminal, a line now and then on standard error elsewhere.</summary>
internal sealed class PlayView(PlayRun run, PlayOptions options, bool show)
{
    private const int RedrawMilliseconds = 100, BarWidth = 24, PictureColumns = 80;
    private const double LineEvery = 0.1;

    private long _drawn = Environment.TickCount64;
    private readonly byte[] _picture = new byte[run.Screen?.Format.SizeImage ?? 0];
    private double _nextLine = LineEvery;

    /// <summary>Whether there is a terminal to draw on.</summary>
    public static bool CanDraw => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;

    /// <summary>Runs <paramref name="play"/>, handing it the callback to call now and then.</summary>
    /// <param name="draw">Whether to draw; progress lines come otherwise.</param>
    /// <param name="play">The run.</param>
    public PlayResult Follow(bool draw, Func<Action, PlayResult> play)
    {
        if (!draw)
        {
            return play(WriteLine);
        }
        return AnsiConsole.Live(Draw()).Start(context =>
        {
            PlayResult result = play(() =>
            {
                if (Environment.TickCount64 - _drawn >= RedrawMilliseconds)
                {
                    _drawn = Environment.TickCount64;
                    context.UpdateTarget(Draw());
                }
            });
            context.UpdateTarget(Draw());
            return result;
        });
    }

    private void WriteLine()
    {
        if (run.Progress >= _nextLine)
        {
            Console.Error.WriteLine($"{ClockText.Of(run.Seconds)}  {run.Progress * 100:0} %  {CountText.Of(run.Loops, "loop")}, {CountText.Of(run.Frames, "frame")}");
            _nextLine += LineEvery;
        }
    }

    private Rows Draw()
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("zone").AddColumn("used").AddColumn(new TableColumn("free").RightAligned())
            .AddColumn(new TableColumn("largest").RightAligned()).AddColumn("free blocks of order 0 1 2 …");
        for (int i = 0; i < run.Allocator.ZoneCount; i++)
        {
            Zone zone = run.Allocator.ZoneAt(i);
            int[] counts = new int[PageMap.MaxPageOrder + 1];
            zone.CountFree(counts);
            int page = run.Allocator.PageSize;
            table.AddRow(new Text(zone.Name), Bar(1 - ((double)zone.FreePages / zone.Pages)), new Text(SizeText.Of((long)zone.FreePages * page)),
                new Text(SizeText.Of((long)zone.LargestFreePages * page)), new Text(string.Join(' ', counts)));
        }
        Reservation? pool = run.Map.FindReservation(Board.Boards.BoardCatalog.PoolName);
        if (pool is not null)
        {
            table.AddRow(new Text(pool.Name), new Text("reserved at boot"), new Text(""), new Text(SizeText.Of(pool.Size)), new Text("no zone owns it"));
        }
        var rows = new List<IRenderable>();
        if (show && run.Screen is { } screen && TerminalFrame.CanShow(AnsiConsole.Console))
        {
            screen.CopyTo(_picture);
            rows.Add(new TerminalFrame(screen.Format, _picture, PictureColumns));
        }
        rows.AddRange(
            new Text(PlayText.Setting(options)),
            table,
            new Columns(Bar(run.Progress), new Text(
                $"{ClockText.Of(run.Seconds)}  {CountText.Of(run.Loops, "loop")}  {CountText.Of(run.Frames, "frame")}  application refused {CountText.Of(run.Refused, "time")}")) { Expand = false },
            new Text("owners: " + ProcText.TopOwners(run.Allocator)));
        return new Rows(rows);
    }

    private static IRenderable Bar(double share)
    {
        int full = (int)Math.Round(Math.Clamp(share, 0, 1) * BarWidth);
        return new Markup($"[green]{new string('█', full)}[/][grey]{new string('░', BarWidth - full)}[/]");
    }
}
