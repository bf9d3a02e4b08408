using Carveout.Emulator.Import;

namespace Carveout.Emulator.Tests.Import;

/// <summary>The rules by which events become a trace.</summary>
[TestClass]
public sealed class ImportRuleTests
{
    [TestMethod]
    public void Events_count_by_time_whatever_order_they_come_in()
    {
        // The buffers of two processors, one behind the other.
        ImportedTrace trace = ImportedTrace.Of(Alloc("a-1", 1.000, 100, 0) + Free("a-1", 3.000, 100, 0) + Alloc("b-2", 2.000, 200, 0) + Free("b-2", 4.000, 200, 0));
        AssertSame(trace, "a 0 4096 4096 time=0 by=a", "a 1 4096 4096 time=1000 by=b", "f 0 time=2000", "f 1 time=3000");
    }

    [TestMethod]
    public void A_block_belongs_to_who_took_it()
    {
        AssertSame(ImportedTrace.Of(Alloc("a-1", 1, 100, 0) + Free("ksoftirqd/0-9", 2, 100, 0)), "a 0 4096 4096 time=0 by=a", "f 0 time=1000");
    }

    [TestMethod]
    public void A_free_of_what_is_not_live_is_counted_and_left_out()
    {
        ImportedTrace trace = ImportedTrace.Of(Free("a-1", 1, 50, 0) + Alloc("a-1", 2, 100, 0) + Free("a-1", 3, 100, 0) + Free("a-1", 4, 100, 0));
        AssertSame(trace, "a 0 4096 4096 time=1000 by=a", "f 0 time=2000");
        Assert.AreEqual(2, trace.Trace!.Unknown);
    }

    [TestMethod]
    public void An_address_taken_while_it_is_live_had_its_free_lost()
    {
        ImportedTrace trace = ImportedTrace.Of(Alloc("a-1", 1, 100, 2) + Alloc("b-2", 2, 102, 0) + Free("b-2", 3, 102, 0));
        AssertSame(trace, "a 0 16384 16384 time=0 by=a", "f 0 time=1000", "a 1 4096 4096 time=1000 by=b", "f 1 time=2000");
        Assert.AreEqual(1, trace.Trace!.Deduced);
        trace = ImportedTrace.Of("malloc(10) = 0x100\nmalloc(20) = 0x100\nfree(0x100)\n");
        AssertSame(trace, "a 0 10 8", "f 0", "a 1 20 8", "f 1");
        Assert.AreEqual(1, trace.Trace!.Deduced);
    }

    [TestMethod]
    public void A_longer_free_than_what_was_taken_proves_that_it_was_gone()
    {
        ImportedTrace trace = ImportedTrace.Of(Alloc("a-1", 1, 100, 0) + Free("a-1", 2, 100, 3));
        AssertSame(trace, "a 0 4096 4096 time=0 by=a", "f 0 time=1000");
        Assert.AreEqual(1, trace.Trace!.Deduced);
        Assert.AreEqual(1, trace.Trace.Unknown);
    }

    /// <summary>alloc_pages_exact: a block of an order whose tail the same task frees at once, and which is freed page by page.</summary>
    [TestMethod]
    public void A_tail_that_goes_back_at_once_is_a_request_for_what_is_kept()
    {
        ImportedTrace trace = ImportedTrace.Of(Alloc("cam-1", 1, 96, 3) + Free("cam-1", 1.000001, 101, 0) + Alloc("other-2", 1.000002, 500, 0)
            + Free("cam-1", 1.000003, 102, 0) + Free("cam-1", 1.000004, 103, 0)
            + Free("cam-1", 2, 96, 0) + Free("cam-1", 2, 97, 0) + Free("cam-1", 2, 98, 0) + Free("cam-1", 2, 99, 0) + Free("cam-1", 2, 100, 0));
        AssertSame(trace, "a 0 20480 4096 time=0 by=cam", "a 1 4096 4096 time=0 by=other", "f 0 time=1000");
        Assert.AreEqual(0, trace.Trace!.Unknown);
        Assert.AreEqual(0, trace.Trace.Deduced);
    }

    [TestMethod]
    public void A_tail_that_goes_back_later_is_a_trim()
    {
        ImportedTrace trace = ImportedTrace.Of(Alloc("cam-1", 1, 96, 2) + Alloc("cam-1", 2, 300, 0) + Free("cam-1", 3, 99, 0) + Free("cam-1", 4, 96, 1)
            + Free("cam-1", 5, 98, 0));
        AssertSame(trace, "a 0 16384 16384 time=0 by=cam", "a 1 4096 4096 time=1000 by=cam", "t 0 12288 time=2000", "f 0 time=4000");
        Assert.AreEqual(0, trace.Trace!.Unknown);
    }

    [TestMethod]
    public void What_is_freed_at_once_and_whole_is_not_trimmed()
    {
        AssertSame(ImportedTrace.Of(Alloc("a-1", 1, 96, 2) + Free("a-1", 1, 96, 2)), "a 0 16384 16384 time=0 by=a", "f 0 time=0");
    }

    /// <summary>The pages of a contiguous area are freed one by one before its release is reported, after it, or without a
    /// report.</summary>
    [TestMethod]
    [DataRow("pages, release")]
    [DataRow("release, pages")]
    [DataRow("pages")]
    [DataRow("release")]
    public void An_area_is_freed_once(string order)
    {
        string pages = string.Concat(Enumerable.Range(0, 5).Select(i => Free("cam-1", 2, 1024 + (ulong)i, 0)));
        string release = Line("cam-1", 2, "cma_release: name=linux,cma pfn=0x400 page=00000000a1b2c3d4 count=5");
        ImportedTrace trace = ImportedTrace.Of(
            Line("cam-1", 1, "cma_alloc_start: name=linux,cma request_count=5 available_count=100 total_count=4096 align=0")
            + Line("cam-1", 1, "cma_alloc_finish: name=linux,cma pfn=0x400 page=00000000a1b2c3d4 count=5 align=3 errorno=0")
            + string.Concat(order.Split(", ").Select(word => word == "pages" ? pages : release)));
        string[] said = [.. trace.Lines];
        Assert.AreEqual("a 0 20480 32768 time=0 by=cam", said[0]);
        Assert.AreEqual("f 0 time=1000", said[^1]);
        Assert.AreEqual(0, trace.Trace!.Unknown);
        Assert.AreEqual(0, trace.Trace.Deduced);
        Assert.AreEqual(1, trace.Trace.Frees);
    }

    [TestMethod]
    public void A_page_that_goes_back_in_a_batch_counts_once()
    {
        string batched = Line("a-1", 2, "mm_page_free_batched: page=00000000a1b2c3d4 pfn=0x64 order=0");
        AssertSame(ImportedTrace.Of(Alloc("a-1", 1, 100, 0) + batched), "a 0 4096 4096 time=0 by=a", "f 0 time=1000");
        ImportedTrace both = ImportedTrace.Of(Alloc("a-1", 1, 100, 0) + batched + Free("a-1", 2, 100, 0));
        AssertSame(both, "a 0 4096 4096 time=0 by=a", "f 0 time=1000");
        Assert.AreEqual(0, both.Trace!.Unknown);
    }

    [TestMethod]
    public void Pages_are_judged_where_a_trace_has_both_levels_unless_objects_are_asked_for()
    {
        string both = Alloc("a-1", 1, 100, 0)
            + Line("a-1", 2, "kmalloc: call_site=driver_open+0x10/0x90 ptr=00000000a1b2c3d4 bytes_req=100 bytes_alloc=128 gfp_flags=GFP_KERNEL");
        ImportedTrace pages = ImportedTrace.Of(both);
        Assert.IsTrue(pages.Import.HasBothLevels);
        AssertSame(pages, "a 0 4096 4096 time=0 by=a");
        AssertSame(ImportedTrace.Of(both, new ImportOptions(TraceLevel.Objects)), "a 0 100 8 time=0 by=driver_open+0x10/0x90");
        AssertSame(ImportedTrace.Of(both, new ImportOptions(TraceLevel.Objects, Allocated: true, Owner: OwnerChoice.Task)), "a 0 128 8 time=0 by=a");
    }

    [TestMethod]
    public void A_realloc_that_failed_does_nothing_and_one_to_nothing_frees()
    {
        ImportedTrace trace = ImportedTrace.Of("realloc(nil, 10) = 0x100\nrealloc(0x100, 1000) = nil\nrealloc(0x100, 0) = nil\nfree(0x100) = <void>\n");
        AssertSame(trace, "a 0 10 8", "f 0");
        Assert.AreEqual(1, trace.Import.Format!.Events.FailedReallocations);
        Assert.AreEqual(1, trace.Trace!.Unknown);
    }

    [TestMethod]
    public void A_realloc_that_fails_after_it_was_unfinished_has_freed_nothing()
    {
        AssertSame(ImportedTrace.Of("[pid 1] malloc(8) = 0x100\n[pid 1] realloc(0x100, 9000 <unfinished ...>\n[pid 2] malloc(9) = 0x200\n"
            + "[pid 1] <... realloc resumed> ) = nil\n[pid 1] free(0x100) = <void>\n"), "a 0 8 8 by=task-1", "a 1 9 8 by=task-2", "f 0");
    }

    [TestMethod]
    public void What_a_trace_cannot_say_is_left_out_with_its_free()
    {
        ImportedTrace trace = ImportedTrace.Of("malloc(3000000000) = 0x7f0000000000\nmalloc(10) = 0x100\nfree(0x7f0000000000)\n");
        AssertSame(trace, "a 0 10 8");
        Assert.AreEqual(1, trace.Trace!.TooLarge);
        Assert.AreEqual(0, trace.Trace.Unknown);
    }

    /// <summary>The largest frames and counts in a line cost no more than small ones.</summary>
    [TestMethod]
    public void A_hostile_line_takes_no_more_memory_than_another()
    {
        string text = string.Concat(Enumerable.Range(0, 2000).Select(i =>
            Line("x-1", 1, $"cma_alloc_finish: name=a pfn=0x{i * 0x80000L:x} page=00000000a1b2c3d4 count=524287 align=0 errorno=0")))
            + Line("x-1", 2, "cma_release: name=a pfn=0xffffffffffffff00 page=00000000a1b2c3d4 count=2000000000");
        long before = GC.GetAllocatedBytesForCurrentThread();
        ImportedTrace trace = ImportedTrace.Of(text);
        Assert.AreEqual(2000, trace.Trace!.Requests);
        Assert.IsLessThan(100_000_000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void AssertSame(ImportedTrace trace, params string[] expected) =>
        Assert.AreSequenceEqual(expected, trace.Lines, string.Join('\n', trace.Lines));

    private static string Alloc(string task, double time, ulong frame, int order) => Line(task, time, KernelText.Alloc(frame, order));

    private static string Free(string task, double time, ulong frame, int order) => Line(task, time, KernelText.Free(frame, order));

    private static string Line(string task, double time, string what) => KernelText.Line(task, time, what);
}
