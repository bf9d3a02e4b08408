using System.Text;
using Carveout.Emulator.Capture;
using Carveout.Emulator.Replay;
using Carveout.Emulator.Tests.Capture;
using Carveout.Emulator.Tests.Replay;

namespace Carveout.Emulator.Tests.Import;

/// <summary>A run recorded by Carveout's own ring, and the same run as Linux's ftrace would have recorded it, give the same
/// trace.</summary>
[TestClass]
public sealed class ImportedRunTests
{
    private const int Arena = 8 << 20;

    private static readonly int s_operations = TestSeed.Of(all: 10_000, usual: 3000);

    [TestMethod]
    [DataRow("pages80", nameof(DmaTail.Keep))]
    [DataRow("pages80", nameof(DmaTail.Exact))]
    [DataRow("movie", nameof(DmaTail.Trim))]
    public void Ftrace_of_a_run_replays_as_the_run_does(string name, string policy)
    {
        DmaTail tail = Enum.Parse<DmaTail>(policy);
        var device = new TracedDevice(Arena, tail, 4096);
        device.Drive(Traces.Read(name).Operations.Take(s_operations), 1000);
        var log = new CaptureLog();
        foreach (string line in device.Log)
        {
            log.Add(line);
        }
        Assert.AreEqual(0, device.Lost);
        var own = new TraceAssembly(log.Sessions);
        ImportedTrace told = ImportedTrace.Of(FtraceOf(log.Sessions[0]));
        Assert.AreEqual(0, told.Trace!.Unknown);
        Assert.AreEqual(0, told.Trace.Deduced);
        // A request for exactly a block has no tail that goes back: of it the kernel tells a block, aligned to itself, as exact runs need not be.
        foreach (DmaTail judged in tail == DmaTail.Trim ? [DmaTail.Keep, DmaTail.Trim] : (DmaTail[])[DmaTail.Keep, DmaTail.Trim, DmaTail.Exact])
        {
            Assert.AreEqual(Replayed(own.Lines, judged), Replayed(told.Lines, judged), judged.ToString());
        }
    }

    /// <summary>What the kernel prints where our allocator recorded something else. A run of pages is an area of CMA. A tail is freed page
    /// by page, as by alloc_pages_exact, and so is the rest, as by free_pages_exact.</summary>
    private static string FtraceOf(CaptureSession session)
    {
        var text = new StringBuilder("# tracer: nop\n");
        HashSet<uint> areas = [], trimmed = [];
        // Of the last block at an address; what is freed first when a block is cut is its tail.
        Dictionary<uint, int> orders = [];
        long time = 0, previous = session.Records.First().Time;
        foreach (CapturedRecord record in session.Records)
        {
            time += unchecked((int)(record.Time - previous));
            previous = record.Time;
            string task = session.OwnerName(record.Owner) + "-" + (record.Owner + 100);
            ulong frame = record.Address / TracedDevice.PageSize;
            int pages = ((record.Size - 1) / TracedDevice.PageSize) + 1, order = PageMap.OrderOf(pages);
            switch (record.Kind)
            {
                case TraceKind.Block:
                    orders[record.Address] = order;
                    Say(KernelText.Alloc(frame, order));
                    break;
                case TraceKind.Failure when record.Alignment > TracedDevice.PageSize || pages == 1:
                    Say($"mm_page_alloc: page=0000000000000000 pfn=0x0 order={order} migratetype=0 gfp_flags=GFP_KERNEL");
                    break;
                case TraceKind.Failure:
                    // For a refused run the kernel reports the block; cma reports the pages.
                    Say($"cma_alloc_finish: name=run pfn=0x0 page=0000000000000000 count={pages} align=0 errorno=-12");
                    break;
                case TraceKind.Run:
                    areas.Add(record.Address);
                    Say($"cma_alloc_finish: name=run pfn=0x{frame:x} page=00000000a1b2c3d4 count={pages} align=0 errorno=0");
                    break;
                case TraceKind.Trim:
                    trimmed.Add(record.Address);
                    FreeEach(frame + (ulong)pages, frame + (1UL << orders[record.Address]));
                    break;
                case TraceKind.Free when areas.Remove(record.Address):
                    FreeEach(frame, frame + (ulong)pages);
                    Say($"cma_release: name=run pfn=0x{frame:x} page=00000000a1b2c3d4 count={pages}");
                    break;
                case TraceKind.Free when trimmed.Remove(record.Address):
                    FreeEach(frame, frame + (ulong)pages);
                    break;
                case TraceKind.Free:
                    Say(KernelText.Free(frame, order));
                    break;
                default:
                    break;
            }

            void Say(string what) => text.Append(KernelText.Line(task, 1000 + (time / 1000.0), what));

            void FreeEach(ulong first, ulong end)
            {
                for (ulong page = first; page < end; page++)
                {
                    Say(KernelText.Free(page, 0));
                }
            }
        }
        return text.ToString();
    }

    private static ReplayResult Replayed(IReadOnlyList<string> lines, DmaTail tail)
    {
        using var text = new TraceText(string.Join('\n', lines));
        var options = new ReplayOptions(Arena, TracedDevice.PageSize, tail, 65536, AllocatorKind.Carveout, false, FramesFrom: 0);
        return new TraceReplay(TraceFile.Read(text.Path), options).Run(_ => { }, CancellationToken.None);
    }
}
