using Carveout.Diagnostics;
using Carveout.Emulator.Planning;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Carveout.Emulator.Presentation;

/// <summary>Writes a plan for a managed heap, for people: what lies in which bank, and what is left for the application.</summary>
internal static class StockView
{
    /// <summary>The whole page, without the code.</summary>
    public static IRenderable Of(StockPlan plan)
    {
        var rows = new List<IRenderable> { Heading(plan), new Text("") };
        if (plan.Streams.Count > 0)
        {
            rows.AddRange([Streams(plan), new Text("")]);
        }
        rows.Add(Facts(plan));
        if (!plan.Fits)
        {
            rows.AddRange([new Text(""), .. PlanView.Alternatives(plan)]);
        }
        return new MapUnwrapped(new Rows(rows));
    }

    private static Markup Heading(StockPlan plan) => plan.Fits
        ? new Markup($"[green]{plan.Request.Board}, stock firmware: fits[/], {SizeText.Of(plan.ReservationBytes)} in "
            + (plan.Banks.Count == 1 ? "1 bank" : $"{plan.Banks.Count} banks"))
        : new Markup($"[red]{plan.Request.Board}, stock firmware: does not fit[/]"
            + (plan.MissingBytes == 0 ? "" : $", {plan.MissingBytes} bytes are missing"));

    private static Table Streams(StockPlan plan)
    {
        Table table = PlanView.Columns("Stream", ">Line", ">Frame", ">Step", ">Frames", ">Bytes", "Where");
        foreach (StockStream stream in plan.Streams)
        {
            PlanView.Add(table, stream.Spec.ToString(), $"{stream.Format.BytesPerLine}", $"{stream.Format.SizeImage}", $"{stream.Step}",
                $"{stream.Spec.Buffers}", $"{stream.Spec.Buffers * stream.Step}", StockCode.Places(plan, stream));
        }
        PlanView.Add(table, "all", "", "", "", $"{plan.Streams.Sum(stream => stream.Spec.Buffers)}",
            $"{plan.Streams.Sum(stream => stream.Spec.Buffers * stream.Step)}", "");
        return table;
    }

    private static Grid Facts(StockPlan plan)
    {
        var facts = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn(new GridColumn().PadRight(0));
        StockHeap heap = plan.Needs.Heap;
        Fact("heap", $"{heap.Bytes} bytes, {heap.FreeBytes} of them free at the first statement, in "
            + (heap.Clusters == 1 ? "one cluster" : $"{heap.Clusters} clusters, which no array spans"));
        foreach (StockBank bank in plan.Banks)
        {
            Fact("bank", $"{bank.Name}, nominal addresses {HexText.OfSpan(bank.Start, (uint)bank.Bytes)}: {bank.Bytes} bytes, "
                + (bank.UsedBytes == 0 ? "for the page allocator" : $"{bank.UsedBytes} of them frames"));
        }
        if (PlanView.Estimate(plan.Streams.Select(stream => stream.Format)) is { } estimate)
        {
            Fact("estimate", estimate);
        }
        foreach (BufferSpec buffer in plan.Needs.Buffers)
        {
            Fact("buffers", $"{buffer.Name}: {buffer.Count} of {buffer.Size} bytes, {buffer.HeapBytes} with their pool");
        }
        if (plan.Banks.Count > 0)
        {
            Fact("library", $"{plan.LibraryBytes} bytes for tables, pools and frames' objects, at most");
        }
        if (plan.Banks.Count > 0 || plan.Streams.Count == 0)
        {
            Fact("left", $"{Math.Max(0, plan.Left)} bytes to the application, {plan.Leave} are asked for");
        }
        if (plan.Request.Application is { } app)
        {
            long bound = BuddyBound.Of(app.Bytes, app.Block, MemoryMap.DefaultPageSize).Pages * MemoryMap.DefaultPageSize;
            Fact("application", $"{app.Bytes} bytes at one time, on the managed heap beside the banks. That heap compacts, so this is what it likely "
                + $"needs; the worst case of a buddy, {bound} bytes, is not counted");
        }
        if (plan.Request.Trace is { } trace)
        {
            Fact("trace", $"{trace.Name}: at most {plan.Request.TraceBytes} bytes live at one time, on the managed heap beside the banks");
        }
        if (plan.Needs.Bitmaps.Count > 0)
        {
            Reservation? graphics = BitmapSpec.MemoryOf(plan.Request.Board);
            Fact("bitmaps", $"{string.Join(", ", plan.Needs.Bitmaps)}: {plan.BitmapBytes} bytes of the firmware's own memory for graphics, none of the "
                + (graphics is null ? "managed heap" : $"managed heap; {graphics.Name} has {graphics.Size}"));
        }
        foreach (string line in plan.Refusal)
        {
            Fact("refused", line);
        }
        return facts;

        void Fact(string name, string words) => facts.AddRow(new Text(name), new Text(words));
    }
}
