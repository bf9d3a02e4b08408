using Carveout.Video;

namespace Carveout.Emulator.Planning;

/// <summary>Finds the banks of a managed heap that hold whole frames in as few bytes as possible, and what they leave.</summary>
/// <remarks>It does not compute where frames lie. The device's own code takes banks and makes pools: first in banks as large as the heap
/// has them, then in banks of the size that was used.</remarks>
internal static class StockPlanner
{
    private const int Page = MemoryMap.DefaultPageSize;

    /// <summary>The plan, without alternatives.</summary>
    public static StockPlan Of(PlanRequest request)
    {
        StockNeeds needs = request.Stock!;
        var refusal = new List<string>();
        StockLayout? layout = Orders(request.Streams).Select(streams => Smallest(request, streams)).FirstOrDefault(found => found is not null);
        long unplaced = 0;
        if (layout is null)
        {
            unplaced = Unplaced(request);
            layout = new StockLayout(request.Board, request.Streams, request.LineAlignment, needs.Heap, []);
            refusal.Add($"frames need banks of {Step(request, request.Streams[0])} bytes and more; the heap's clusters have room for "
                + $"{string.Join(", ", needs.Heap.Rooms.Take(8))}{(needs.Heap.Rooms.Length > 8 ? ", ..." : "")} bytes: {unplaced} bytes of frames have no "
                + "place");
        }
        var plan = new StockPlan(request, layout, [], [], 0, 0, refusal, []);
        (IReadOnlyList<StockStream> streams, IReadOnlyList<StockBank> banks) = Booted(request, layout);
        plan = plan with { Streams = streams, Banks = banks };
        long frames = layout.Banks.Length > 0 ? layout.Banks.Sum(bank => StockHeap.ArrayBytes(bank)) : request.Streams.Sum(stream => stream.Buffers * Step(request, stream));
        long left = needs.Heap.FreeBytes - frames - plan.LibraryBytes - plan.BufferBytes;
        if (left < plan.Leave)
        {
            refusal.Add($"{Math.Max(0, left)} bytes of the heap are left to the application, of {plan.Leave}: {plan.Leave - left} bytes are missing");
        }
        if (BitmapSpec.MemoryOf(request.Board) is { } graphics && plan.BitmapBytes > graphics.Size)
        {
            refusal.Add($"bitmaps need {plan.BitmapBytes} bytes of the firmware's own memory, {graphics.Name} has {graphics.Size}: "
                + $"{plan.BitmapBytes - graphics.Size} bytes are missing there");
        }
        return plan with { Left = left, Missing = Math.Max(unplaced, Math.Max(0, plan.Leave - left)), Refusal = refusal };
    }

    /// <summary>The streams as the user gave them; then the largest frames first, which wastes least.</summary>
    private static IEnumerable<IReadOnlyList<StreamSpec>> Orders(IReadOnlyList<StreamSpec> streams) =>
        [streams, [.. streams.OrderByDescending(stream => stream.Format(PlanRequest.DefaultLineAlignment).SizeImage)]];

    /// <summary>The banks that hold streams in an order; null where the heap has none.</summary>
    private static StockLayout? Smallest(PlanRequest request, IReadOnlyList<StreamSpec> streams)
    {
        var layout = new StockLayout(request.Board, streams, request.LineAlignment, request.Stock!.Heap, []);
        int[] rooms = request.Stock.Heap.Rooms;
        if (streams.Count == 0)
        {
            return layout;
        }
        if (rooms.Length == 0)
        {
            return null;
        }
        var memory = FrameBanks.Reserve(rooms);
        var banks = (ManagedMemory)memory.Memory;
        if (layout.Frames(memory) is not { } frames)
        {
            return null;
        }
        long[] used = new long[banks.BankCount];
        for (int i = 0; i < streams.Count; i++)
        {
            foreach (uint frame in frames[i])
            {
                int bank = (int)((frame - banks.BankStartAt(0)) / ManagedMemory.BankStride);
                // The page allocator's page lies before the frames of the last bank.
                used[bank] = Math.Max(used[bank], frame - memory.Map.FindReservation(frame)!.Start + Step(request, streams[i]));
            }
        }
        List<int> sizes = [.. used.Where(bytes => bytes > 0).Select(bytes => (int)((bytes + Page - 1) / Page * Page))];
        // The page allocator needs a zone: a page behind the last frame, or a bank of its own.
        if (sizes[^1] + Page <= ManagedMemory.MaxBankSize)
        {
            sizes[^1] += Page;
        }
        else
        {
            sizes.Add(Page);
        }
        return layout with { Banks = [.. sizes] };
    }

    private static (IReadOnlyList<StockStream> Streams, IReadOnlyList<StockBank> Banks) Booted(PlanRequest request, StockLayout layout)
    {
        CarveoutMemory? memory = layout.Banks.Length == 0 ? null : FrameBanks.Reserve(layout.Banks);
        uint[][] frames = memory is null ? [] : layout.Frames(memory)!;
        StockStream[] streams =
        [
            .. layout.Streams.Select((spec, i) => new StockStream(spec, spec.Format(request.LineAlignment), Step(request, spec),
                i < frames.Length ? frames[i] : [])),
        ];
        if (memory is null)
        {
            return (streams, []);
        }
        var banks = (ManagedMemory)memory.Memory;
        return (streams,
        [
            .. layout.Banks.Select((bytes, i) => new StockBank(memory.Map.RegionAt(i).Name, banks.BankStartAt(i), bytes,
                streams.Sum(stream => stream.Step * stream.Frames.Count(frame => frame - banks.BankStartAt(i) < (uint)bytes)))),
        ]);
    }

    private static long Unplaced(PlanRequest request)
    {
        long[] rooms = [.. request.Stock!.Heap.Rooms.Select(room => (long)room)];
        int[] counts = [.. request.Streams.Select(stream => stream.Buffers)];
        long[] steps = [.. request.Streams.Select(stream => Step(request, stream))];
        int[][] most = BufferPlacement.AsManyAsFit(counts, [.. steps.Select(step => rooms.Select(_ => step).ToArray())], rooms);
        // At least a page: that of the page allocator.
        return Math.Max(Page, counts.Select((count, i) => (count - most[i].Sum()) * steps[i]).Sum());
    }

    /// <summary>Bytes from one frame to the next.</summary>
    private static long Step(PlanRequest request, StreamSpec stream)
    {
        long size = stream.Format(request.LineAlignment).SizeImage;
        return (size + FramePool.Alignment - 1) / FramePool.Alignment * FramePool.Alignment;
    }
}
