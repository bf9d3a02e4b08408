using System.Reflection;

namespace Carveout.Emulator.Tests.Machine;

[TestClass]
public sealed class FailingMapTests
{
    [TestMethod]
    public void The_ordered_allocation_and_those_after_it_fail_until_that_is_called_off()
    {
        var fault = new AllocationFault();
        var map = new FailingMap(PageMap.Create(PageMapKind.Runs, 64), fault);
        var other = new FailingMap(PageMap.Create(PageMapKind.FreeBlocks, 64, 0), fault);
        Assert.AreNotEqual(-1, map.AllocRun(3, 1));
        fault.Arm(3);
        Assert.AreNotEqual(-1, map.AllocRun(3, 1));
        Assert.AreEqual(-1, map.AllocRun(64, 1), "there is no room, which does not count");
        Assert.AreNotEqual(-1, other.Alloc(2, false));
        Assert.IsFalse(fault.HasStruck);
        Assert.AreEqual(-1, map.AllocRun(3, 1));
        Assert.IsTrue(fault.HasStruck);
        Assert.AreEqual(-1, other.Alloc(0, false), "whom a request is passed on to refuses it too");
        fault.Disarm();
        Assert.AreNotEqual(-1, other.Alloc(0, false));
        Assert.AreNotEqual(-1, map.AllocRun(3, 1));
        fault.Arm(1);
        Assert.IsFalse(fault.HasStruck, "not since then");
        Assert.AreEqual(-1, map.Alloc(0, false));
    }

    [TestMethod]
    public void All_else_is_the_maps()
    {
        var inner = PageMap.Create(PageMapKind.GroupedFreeBlocks, 256, 0);
        var map = new FailingMap(inner, new AllocationFault());
        int page = map.Alloc(3, false);
        map.Trim(page, 5);
        int[] counts = new int[PageMap.MaxPageOrder + 1], expected = new int[PageMap.MaxPageOrder + 1];
        map.CountFree(counts);
        inner.CountFree(expected);
        Assert.AreSequenceEqual(expected, counts);
        map.CountFreeUnmovable(counts);
        inner.CountFreeUnmovable(expected);
        Assert.AreSequenceEqual(expected, counts);
        Assert.AreEqual((inner.Pages, inner.MaxOrder, inner.MetadataSize, inner.PageblockOrder, inner.UnmovablePageblocks, inner.LargestFree()),
            (map.Pages, map.MaxOrder, map.MetadataSize, map.PageblockOrder, map.UnmovablePageblocks, map.LargestFree()));
        Assert.AreEqual((5, page, 8), (map.BlockLength(page), map.BlockAt(page + 4), map.BlockFor(5)));
        Assert.AreEqual(inner.Drain(), map.Drain());
        Assert.AreEqual(5, map.Free(page));
        Assert.AreEqual(0, map.Free(page));
    }

    /// <summary>A new member's default implementation is wrong for a map that forwards to another one.</summary>
    [TestMethod]
    public void Nothing_of_a_page_map_is_left_to_its_defaults()
    {
        const BindingFlags own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        HashSet<string> forwarded = [.. typeof(ForwardingMap).GetMethods(own).Select(method => method.ToString()!)];
        // What only the library can override is made of the calls that can be forwarded.
        Assert.IsEmpty(typeof(PageMap).GetMethods(own)
            .Where(method => method is { IsVirtual: true, IsAssembly: false } && !forwarded.Contains(method.ToString()!)));
    }

    [TestMethod]
    public void Blocks_slide_in_it_by_fewer_pages_than_they_have()
    {
        const int pageSize = 256;
        var zone = new Zone("DMA", ZoneKind.Dma, 0x100000, new FailingMap(PageMap.Create(PageMapKind.Runs, 8), new AllocationFault()));
        var memory = new ManagedMemory(0x100000, 8 * pageSize);
        var allocator = new PageAllocator([zone], pageSize, memory, null);
        allocator.SetWatermarks(0, 0);
        var movable = new MovablePages(allocator, 4, MovablePages.NoLimit);
        int small = movable.AllocPagesExact(pageSize, GfpFlags.Dma, 0), large = movable.AllocPagesExact(5 * pageSize, GfpFlags.Dma, 0);
        memory.Fill(movable.Pin(large), 5 * pageSize, 0x5A);
        movable.Unpin(large);
        movable.Free(small);
        uint fits = allocator.AllocPagesExact(3 * pageSize, GfpFlags.Dma, 0);
        Assert.AreEqual(0x100000u + (5 * pageSize), fits);
        byte[] bytes = new byte[5 * pageSize];
        memory.Read(movable.Pin(large), bytes, 0, bytes.Length);
        movable.Unpin(large);
        Assert.IsFalse(bytes.AsSpan().ContainsAnyExcept((byte)0x5A));
        movable.Free(large);
        allocator.FreePages(fits);
        Assert.AreEqual(8, zone.LargestFreePages);
    }
}
