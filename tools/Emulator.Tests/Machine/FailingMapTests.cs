using Carveout.Emulator.Machine;
using Carveout.Memory;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Carveout.Emulator.Tests.Machine;

[TestClass]
public sealed class FailingMapTests
{
    [TestMethod]
    public void The_ordered_allocation_and_those_after_it_fail_until_that_is_called_off()
    {
        var fault = new AllocationFault();
        var map = new FailingMap(new RunMap(64), fault);
        var other = new FailingMap(new FreeBlockMap(64, 0), fault);
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
        var inner = new GroupedBlockMap(256, 0);
        var map = new FailingMap(inner, new AllocationFault());
        int page = map.Alloc(3, false);
        map.Trim(page, 5);
        int[] counts = new int[PageMap.LargestOrder + 1], expected = new int[PageMap.LargestOrder + 1];
        map.CountFree(counts);
        inner.CountFree(expected);
        CollectionAssert.AreEqual(expected, counts);
        map.CountFreeUnmovable(counts);
        inner.CountFreeUnmovable(expected);
        CollectionAssert.AreEqual(expected, counts);
        Assert.AreEqual((inner.Pages, inner.MaxOrder, inner.MetadataSize, inner.PageblockOrder, inner.UnmovablePageblocks, inner.LargestFree()),
            (map.Pages, map.MaxOrder, map.MetadataSize, map.PageblockOrder, map.UnmovablePageblocks, map.LargestFree()));
        Assert.AreEqual((5, page, 8), (map.BlockLength(page), map.BlockAt(page + 4), map.BlockFor(5)));
        Assert.AreEqual(inner.Drain(), map.Drain());
        Assert.AreEqual(5, map.Free(page));
        Assert.AreEqual(0, map.Free(page));
    }
}
