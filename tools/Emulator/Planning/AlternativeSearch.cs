using Carveout.Video;

namespace Carveout.Emulator.Planning;

/// <summary>Searches changes that make streams fit: the fewest kinds of change first, and of one kind the mildest.</summary>
/// <remarks>The order is that in which a viewer minds: fewer buffers (a late program drops frames), another format (less colour), smaller
/// pictures, then two of these, then all three; last, an application that takes less memory or smaller blocks. Each alternative is planned,
/// so it is known to fit.</remarks>
/// <param name="request">The request that does not fit.</param>
/// <param name="plan">Plans a request.</param>
internal sealed class AlternativeSearch(PlanRequest request, Func<PlanRequest, PlanAnswer> plan)
{
    private const int Most = 6, LeastSide = 16;

    /// <summary>From the mildest on; each has fewer bytes a pixel than its predecessor.</summary>
    private static readonly PixelFormat[] s_formats = [PixelFormat.YUV420, PixelFormat.GREY, PixelFormat.JPEG];

    /// <summary>Width and height in sixteenths of the request's.</summary>
    private static readonly int[] s_scales = [12, 8, 6, 4, 2, 1];

    private readonly List<Alternative> _found = [];

    /// <summary>The alternatives, at most <see cref="Most"/>.</summary>
    public IReadOnlyList<Alternative> Find()
    {
        if (request.ReservationBytes is not null)
        {
            // If the request has a fixed reservation, try another reservation first.
            Try("the smallest reservation that suffices", request with { ReservationBytes = null });
        }
        if (request.Streams.Count > 0)
        {
            ChangeStreams(request.Streams);
        }
        LessApplication();
        return _found;
    }

    private void ChangeStreams(IReadOnlyList<StreamSpec> streams)
    {
        bool fewer = FewerBuffers("", streams);
        PixelFormat? format = OtherFormat("", streams, keepBuffers: true);
        int? scale = Smaller("", streams, keepBuffers: true);
        if (!fewer)
        {
            OtherFormat("", streams, keepBuffers: false, milderThan: format);
            Smaller("", streams, keepBuffers: false, largerThan: scale);
        }
        foreach (PixelFormat one in s_formats.TakeWhile(one => one != format))
        {
            string change = $"{VideoFormat.NameOf(one)}, ";
            IReadOnlyList<StreamSpec>? converted = Convert(streams, one, streams.Count);
            if (converted is not null && Smaller(change, converted, keepBuffers: true, largerThan: scale) is null)
            {
                Smaller(change, converted, keepBuffers: false, largerThan: scale);
            }
        }
    }

    private bool Try(string change, PlanRequest other)
    {
        if (_found.Count == Most)
        {
            return false;
        }
        PlanAnswer made = plan(other);
        if (made.Fits)
        {
            _found.Add(new Alternative(change, other, made.ReservationBytes));
        }
        return made.Fits;
    }

    private bool Try(string change, IReadOnlyList<StreamSpec> streams) => Try(change, request with { Streams = streams, ReservationBytes = null });

    /// <summary>Removes buffers one by one, each from the stream with the largest buffers, so that as few as possible are
    /// removed.</summary>
    private bool FewerBuffers(string change, IReadOnlyList<StreamSpec> streams)
    {
        StreamSpec[] left = [.. streams];
        while (left.Any(stream => stream.Buffers > VideoBufferQueue.MinBuffers))
        {
            int largest = Enumerable.Range(0, left.Length).Where(i => left[i].Buffers > VideoBufferQueue.MinBuffers)
                .MaxBy(i => left[i].Format(request.LineAlignment).SizeImage);
            left[largest] = left[largest] with { Buffers = left[largest].Buffers - 1 };
            if (Try(change + "fewer buffers", left))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The mildest format for as few streams as possible, those that save most first.</summary>
    /// <returns>The format; null if none fits.</returns>
    private PixelFormat? OtherFormat(string change, IReadOnlyList<StreamSpec> streams, bool keepBuffers, PixelFormat? milderThan = null)
    {
        foreach (PixelFormat format in s_formats.TakeWhile(one => one != milderThan))
        {
            for (int count = keepBuffers ? 1 : streams.Count; count <= streams.Count; count++)
            {
                string words = change + VideoFormat.NameOf(format) + (format == PixelFormat.JPEG ? " (estimated)" : "") + (count == streams.Count ? "" : $" for {count} of {streams.Count} streams");
                IReadOnlyList<StreamSpec>? converted = Convert(streams, format, count);
                if (converted is not null && (keepBuffers ? Try(words, converted) : FewerBuffers(words + ", ", converted)))
                {
                    return format;
                }
            }
        }
        return null;
    }

    /// <summary>Finds the largest scale that fits, the same for all streams.</summary>
    /// <returns>The scale; null if none fits.</returns>
    private int? Smaller(string change, IReadOnlyList<StreamSpec> streams, bool keepBuffers, int? largerThan = null)
    {
        foreach (int scale in s_scales.TakeWhile(one => one != largerThan))
        {
            StreamSpec[] smaller =
            [
                .. streams.Select(stream => stream with { Width = Scaled(stream.Width, scale), Height = Scaled(stream.Height, scale) }),
            ];
            if (smaller.Any(stream => stream.Width < LeastSide || stream.Height < LeastSide))
            {
                return null;
            }
            string words = $"{change}smaller pictures";
            if (keepBuffers ? Try(words, smaller) : FewerBuffers(words + ", ", smaller))
            {
                return scale;
            }
        }
        return null;
    }

    /// <summary>Changes so many streams to a format; null if that saves nothing in one of them, or the format does not have its
    /// size.</summary>
    private IReadOnlyList<StreamSpec>? Convert(IReadOnlyList<StreamSpec> streams, PixelFormat format, int count)
    {
        int Size(StreamSpec stream) => stream.Format(request.LineAlignment).SizeImage;
        int Saved(int i) => streams[i].Buffers * (Size(streams[i]) - Size(streams[i] with { PixelFormat = format }));
        StreamSpec[] converted = [.. streams];
        foreach (int i in Enumerable.Range(0, streams.Count).Where(i => Saved(i) > 0).OrderByDescending(Saved).Take(count))
        {
            converted[i] = streams[i] with { PixelFormat = format };
            count--;
        }
        return count == 0 && converted.All(stream => StreamSpec.TryParse(stream.ToString(), out _).Length == 0) ? converted : null;
    }

    /// <summary>Even, because 4:2:0 and YUYV need that.</summary>
    private static int Scaled(int side, int sixteenths) => side * sixteenths / 16 & ~1;

    private void LessApplication()
    {
        PlanAnswer answer = plan(request);
        if (answer is StockPlan { Left: > 0 } stock)
        {
            Try("less left to the application", request with { Application = null, Trace = null, Stock = stock.Needs with { Leave = stock.Left } });
        }
        const int Page = MemoryMap.DefaultPageSize;
        if (request.Application is not { } app || answer is not Plan { Board.Fits: true } made || made.App is not { Fits: false } tight)
        {
            return;
        }
        int order = tight.Bound.LargestOrder;
        while (order > 0 && new BuddyBound(tight.Bound.LivePages, order).PagesWith(tight.Watermark) > tight.ZonePages)
        {
            order--;
        }
        Try("smaller blocks of the application", request with { Application = app with { Block = (long)Page << order } });
        long least = 0, most = tight.Bound.LivePages;
        while (least < most)
        {
            long middle = (least + most + 1) / 2;
            bool fits = new BuddyBound(middle, tight.Bound.LargestOrder).PagesWith(tight.Watermark) <= tight.ZonePages;
            (least, most) = fits ? (middle, most) : (least, middle - 1);
        }
        if (least > 0)
        {
            var less = new AppTraffic(least * Page, Math.Min(app.Block, least * Page));
            Try("less memory of the application", request with { Application = less });
        }
    }
}
