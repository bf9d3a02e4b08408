using Carveout.DeviceSurface.Tests.Samples;

namespace Carveout.DeviceSurface.Tests.Surface;

/// <summary>Mistakes that once passed without a message and that the compiler now refuses. Beside each stands the right code, which
/// compiles.</summary>
/// <remarks>
/// Mistakes that can only be refused at run time have their tests beside the code: one lock for all that share a memory (TwoThreadTests),
/// second takers (SecondTakerTests, ReservedPoolTests), flags without effect (SlabArgumentTests), a frame for another display
/// (FrameBufferTests), two pictures of one memory (CarveoutMemoryTests), equal formats (VideoFormatTests), frames that were kept, in a
/// strict pool (FramePoolTests). Three remain. A reference that was kept in spite of Dispose may be somebody else's frame if the pool is
/// not strict, because strictness costs a new object for each rent. Somebody who makes a page map, gives it to a zone and goes on calling
/// it takes pages without the zone's knowledge: users' own page maps need those calls, and a check in each would make every allocation
/// dearer. A display shows whatever lies at an address: give it a frame, and it can check that.
/// </remarks>
[TestClass]
public sealed class SilentMistakeTests
{
    private static readonly string[] _given =
    [
        "PageAllocator pages", "PageOwner owner", "PhysicalMemory memory", "MemoryMap board", "MemoryMap map", "FrameBuffer frame",
        "FrameDisplay display", "KmemCache cache", "AllocatorLock gate", "FramePool pool",
    ];

    [TestMethod]
    // The lock is the page allocator's by default; to have none, pass null.
    [DataRow("new SlabAllocator(pages, memory, 512);", "CS7036", "new SlabAllocator(pages, 512);")]
    [DataRow("new Mempool(\"spare\", cache, 2, 4, 8, null);", "CS1503", "new Mempool(\"spare\", cache, 2, 4, null);")]
    // The kernel's call with this name takes an order.
    [DataRow("pages.GetFreePages(GfpFlags.Kernel, 3, owner);", "CS1061", "pages.AllocPages(GfpFlags.Kernel, 3, owner);")]
    // An owner instead of an order, and the other way round.
    [DataRow("pages.AllocPages(GfpFlags.Kernel, owner, 3);", "CS1503", "pages.AllocPages(GfpFlags.Kernel, 3, owner);")]
    [DataRow("pages.AllocPagesExact(4096, owner, GfpFlags.Kernel);", "CS1503", "pages.AllocPagesExact(4096, GfpFlags.Kernel, owner);")]
    [DataRow("int number = pages.RegisterOwner(\"camera\");", "CS0266", "PageOwner number = pages.RegisterOwner(\"camera\");")]
    // Size and alignment are adjacent.
    [DataRow("pages.AllocPagesExact(GfpFlags.Kernel, 4096, 65536, owner);", "CS1503", "pages.AllocPagesExact(65536, GfpFlags.Kernel, owner, 4096);")]
    // A zone's page map, by the name of its class.
    [DataRow("new RunMap(191).AllocRun(2, 1);", "CS0122", "new Zone(\"NORMAL\", ZoneKind.Normal, 4096, PageMap.Create(PageMapKind.Runs, 191));")]
    // A reservation by the former call, which led to mistakes.
    [DataRow("IoMemory.Reserve(map, \"frames\", 4096, 4096);", "CS0117", "map.Reserve(\"frames\", 4096, 4096);")]
    // Memory that cannot say where it lies.
    [DataRow("CarveoutMemory.Reserve(board, memory);", "CS1503", "CarveoutMemory.Reserve(board, memory, 4096, 8192);")]
    // A frame on any display; the display checks it.
    [DataRow("frame.ShowOn(display);", "CS1061", "display.Show(frame);")]
    // A refused rent that is taken for a frame.
    [DataRow("FrameBuffer next = pool.TryRent(\"camera\");", "CS7036", "if (pool.TryRent(\"camera\", out FrameBuffer next)) { }")]
    public void TheCompilerRefusesIt(string mistake, string code, string meant)
    {
        Assert.AreEqual(code, string.Join(", ", Compile(mistake).Select(e => e.Code).Distinct()), mistake);
        Assert.IsEmpty(Compile(meant), meant);
    }

    private static IReadOnlyList<Message> Compile(string line) => SampleCompilation.Run(new Sample("mistake.md", 1, _given, null, [line]));
}
