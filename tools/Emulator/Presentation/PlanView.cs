using Carveout.Diagnostics;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Planning;
using Carveout.Video;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Carveout.Emulator.Presentation;

/// <summary>Writes a plan for people: what each stream takes and where it lies, what is left, and, if the plan does not fit, what
/// would.</summary>
internal static class PlanView
{
    /// <summary>The whole page, without the code.</summary>
    public static IRenderable Of(Plan plan)
    {
        var rows = new List<IRenderable> { Heading(plan), new Text(""), Streams(plan), new Text(""), Facts(plan) };
        if (plan.Trace is { } trace)
        {
            string peak = $"{plan.Request.Trace!.Name} in simulation: at most {SizeText.Of(trace.Peak)} live at one time";
            rows.AddRange([new Text(""), new Text(peak), Trace(trace)]);
        }
        if (!plan.Fits)
        {
            rows.AddRange([new Text(""), .. Alternatives(plan)]);
        }
        return new MapUnwrapped(new Rows(rows));
    }

    private static Markup Heading(Plan plan)
    {
        PlannedBoard board = plan.Board;
        return plan.Fits
            ? new Markup($"[green]{plan.Layout.Board}: fits[/], {SizeText.Of(plan.Layout.ReservationBytes)} to reserve")
            : new Markup($"[red]{plan.Layout.Board}: does not fit[/]" + (board.MissingBytes == 0 ? "" : $", {board.MissingBytes} bytes are missing"));
    }

    private static Table Streams(Plan plan)
    {
        Table table = Columns("Stream", ">Line", ">Frame", ">Buffer", ">Buffers", ">Bytes", "At", ">Segments", ">Bounce", ">Bytes/s");
        for (int i = 0; i < plan.Layout.Streams.Count; i++)
        {
            string name = plan.Layout.Streams[i].ToString(), rate = $"{plan.Of(i).First().Stream.BytesPerSecond}";
            foreach (VideoStream stream in plan.Of(i).Select(part => part.Stream))
            {
                Add(table, name, $"{stream.Format.BytesPerLine}", $"{stream.BufferSize}", $"{stream.BufferBytes}", $"{stream.Buffers}",
                    $"{stream.Bytes}", stream.Start == 0 ? "nowhere" : HexText.Of(stream.Start), $"{stream.Segments}", $"{stream.BounceBytes}", rate);
                (name, rate) = ("  and", "");
            }
        }
        Contract[] contracts = [.. plan.Board.Parts.Select(part => part.Contract)];
        Add(table, "all", "", "", "", $"{plan.Layout.Streams.Sum(stream => stream.Buffers)}", $"{contracts.Sum(one => one.Bytes)}", "", "",
            $"{contracts.Sum(one => one.BounceBytes)}", $"{BytesPerSecond(plan)}");
        return table;
    }

    /// <summary>Bytes of frames that all streams together move in a second.</summary>
    internal static long BytesPerSecond(Plan plan) =>
        Enumerable.Range(0, plan.Layout.Streams.Count).Sum(i => plan.Of(i).First().Stream.BytesPerSecond);

    private static Grid Facts(Plan plan)
    {
        var facts = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn(new GridColumn().PadRight(0));
        PlannedBoard board = plan.Board;
        int page = board.Map.PageSize;
        Fact("needed", $"{plan.NeededBytes} bytes, {board.Parts.Sum(part => (part.NeededBytes + page - 1) / page)} pages of {page}");
        foreach (PlannedPart part in board.Parts)
        {
            Reservation reservation = part.Reservation;
            MemoryRegion region = plan.RegionOf(part);
            Fact(board.Fits ? "reservation" : "there is", $"{reservation.Name} {HexText.OfSpan(reservation.Start, reservation.Size)}, "
                + $"{reservation.Size} bytes in region {region.Name}, " + (region.CacheLine == 0 ? "not cached" : $"cache lines of {region.CacheLine}"));
        }
        if (board.Fits && plan.OutsideZones is { Length: > 0 } outside)
        {
            Fact("", $"{string.Join(", ", outside)}: of memory that the board's map gives to nobody. See that your firmware leaves it alone");
        }
        foreach (string line in Lines(board.Refusal))
        {
            Fact("refused", line);
        }
        if (Estimate(plan.Layout.Streams.Select(stream => stream.Format(plan.Layout.LineAlignment))) is { } estimate)
        {
            Fact("estimate", estimate);
        }
        if (plan.IsUndecided)
        {
            Fact("undecided", $"{BufferPlacement.MostSteps} places were tried; there may be a placement that was not");
        }
        if (!board.Fits)
        {
            return facts;
        }
        foreach (string line in plan.OnePageLess.SelectMany(less => Lines(less.Refusal)))
        {
            Fact("a page less", $"refused: {line}");
        }
        if (board.Bounce is { } bounce)
        {
            Fact("bounce buffers", $"{bounce.Name} {HexText.OfSpan(bounce.Start, bounce.Size)}, {bounce.Size / TransferLimits.SlotSize} slots of "
                + $"{TransferLimits.SlotSize}: its engine does not reach region {plan.Layout.Board.MainRegion.Name}");
        }
        if (plan.Descriptors.Bytes > 0)
        {
            Fact("descriptors", $"{plan.Descriptors.Count}, {plan.Descriptors.Bytes} bytes in {plan.Descriptors.Place}");
        }
        Fact("policy", "a pool of the reservation for each stream, its buffers queued as USERPTR"
            + (board.Bounce is not null ? "; the CPU copies them through the bounce buffers" : board.Parts.Any(part => plan.RegionOf(part).CacheLine != 0)
                ? "; mapped and unmapped each time, since the CPU caches them" : ""));
        Fact("left", string.Join(", ", Enumerable.Range(0, board.Map.ZoneCount).Select(board.Map.ZoneAt)
            .Select(zone => $"{zone.Name} {HexText.OfSpan(zone.Start, zone.Size)} {SizeText.Of(zone.Size)} ({MapName(zone.Map)})")));
        if (plan.App is { } app)
        {
            Application(Fact, plan.Request.Application!, app);
        }
        return facts;

        void Fact(string name, string words) => facts.AddRow(new Text(name), new Text(words));
    }

    private static void Application(Action<string, string> fact, AppTraffic traffic, AppPlan app)
    {
        BuddyBound bound = app.Bound;
        fact("application", $"{SizeText.Of(traffic.Bytes)} at one time in blocks of powers of two up to "
            + $"{SizeText.Of((long)app.PageSize << bound.LargestOrder)}: M = {bound.LivePages} pages, n = {1L << bound.LargestOrder}");
        fact("bound", $"(M + {bound.HotPages})(1 + log2 n) = {bound.Pages} pages, {app.NeedBytes} bytes with a watermark of {app.Watermark} pages; "
            + $"{app.Zone} has {app.ZoneBytes}: " + (app.Fits ? "nothing is ever refused" : $"{app.NeedBytes - app.ZoneBytes} bytes are missing"));
        fact("", "proven for the buddy of smallest sufficient blocks, ungrouped (Knuth, TAOCP 1, 2.5, exercise 41; docs/plan.md)");
    }

    private static Rows Trace(TracePlan trace)
    {
        Table table = Columns("Policy", ">Smallest arena", ">Need/live", ">Safe from", ">Arenas tried", ">failed");
        foreach (TraceNeed need in trace.Needs)
        {
            Add(table, need.Policy.Name, Arena(need.Pages, need), Ratio(need.Pages), Arena(need.SafePages, need), $"{need.Tried}", $"{need.Failed}");
        }
        Add(table, "bound", $"{trace.Bound.Pages * MemoryMap.DefaultPageSize}", Ratio(trace.Bound.Pages), "any order of such requests", "", "");
        string zone = $"{trace.Zone} with {trace.ZonePages} pages";
        string verdict = trace.Chosen is null ? $"no policy of {zone} serves it"
            : trace.LeastFree is not int least ? $"{trace.Chosen.Name} in {zone}: a request fails" + Short(trace)
            : $"{trace.Chosen.Name} in {zone}: no request fails, {least} pages are free at the worst moment, {trace.Watermark} are the watermark"
                + (trace.Fits ? "" : ": refused there");
        return new Rows(table, new Text(verdict));

        string Ratio(long? pages) => pages is long some
            ? string.Create(CultureInfo.InvariantCulture, $"{(double)some * MemoryMap.DefaultPageSize / trace.Peak:0.00}")
            : "";
    }

    /// <summary>A note on compressed streams whose size was not given; null if there are none.</summary>
    internal static string? Estimate(IEnumerable<VideoFormat> formats) => formats.FirstOrDefault(format => format.IsEstimate) is { } compressed
        ? $"how large a JPEG is, depends on the picture: {compressed.SizeImage} bytes are width x height / 5, and more may come. JPEG=BYTES in the "
            + "stream sets what was measured"
        : null;

    /// <summary>How much smaller the zone is than the smallest arena that works. It may also be one of the larger arenas that
    /// fail.</summary>
    private static string Short(TracePlan trace)
    {
        long missing = trace.Needs.First(need => need.Policy == trace.Chosen).Pages!.Value - trace.ZonePages;
        return missing > 0 ? $", {missing * MemoryMap.DefaultPageSize} bytes are missing to its smallest arena" : "";
    }

    private static string Arena(long? pages, TraceNeed need) => pages is long some ? $"{some * MemoryMap.DefaultPageSize}"
        : need.MostPages == 0 ? "none" : $"none up to {need.MostPages * MemoryMap.DefaultPageSize}";

    internal static IEnumerable<IRenderable> Alternatives(PlanAnswer plan)
    {
        if (plan.Alternatives.Count == 0)
        {
            yield return new Text("nothing that was tried makes it fit: not fewer buffers, another format nor smaller pictures");
            yield break;
        }
        yield return new Text("what fits, the cheapest change first:");
        Table table = Columns("Change", ">Bytes", "carveout plan " + Words(plan.Request));
        foreach (Alternative one in plan.Alternatives)
        {
            AppTraffic? app = one.Request.Application;
            Add(table, one.Change, $"{one.ReservationBytes}", string.Join(' ', one.Request.Streams.Select(stream => $"--stream {stream}"))
                + (one.Request.Stock is { } stock && stock.Leave != plan.Request.Stock!.Leave ? $" --leave {stock.Leave}" : "")
                + (app is null ? "" : $" --app {app.Bytes} --app-block {app.Block}")
                + (one.Request.LineAlignment == PlanRequest.DefaultLineAlignment ? "" : $" --line-align {one.Request.LineAlignment}"));
        }
        yield return table;
    }

    /// <summary>The part of the command line that an alternative keeps.</summary>
    private static string Words(PlanRequest request) => (request.Stock is not { } stock ? $"--native --board {request.Board.Word}"
        : StockHeap.IsBoard(request.Board) ? $"--heap {stock.Heap.Bytes}" : $"--stock --board {request.Board.Word}")
        + string.Concat(request.Stock?.Buffers.Select(buffer => $" --buffer {buffer}") ?? []);

    private static string MapName(PageMapKind map) => map switch
    {
        PageMapKind.FreeBlocks => "buddy, ungrouped",
        PageMapKind.GroupedFreeBlocks => "buddy, grouped",
        _ => "exact runs",
    };

    internal static Table Columns(params string[] names)
    {
        Table table = new Table().Border(TableBorder.None);
        foreach (string name in names)
        {
            var column = new TableColumn(new Text(name.TrimStart('>'), Style.Parse("grey"))) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) };
            table.AddColumn(name[0] == '>' ? column.RightAligned() : column);
        }
        return table;
    }

    internal static void Add(Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(cell)));

    private static IEnumerable<string> Lines(string text) => text.Length == 0 ? [] : text.Split('\n');
}
