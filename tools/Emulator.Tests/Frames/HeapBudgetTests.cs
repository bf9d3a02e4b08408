using Carveout.HeapBudget;

namespace Carveout.Emulator.Tests.Frames;

/// <summary>The allocator's share of the device's managed heap stays within a share of the region that it manages.</summary>
[TestClass]
public sealed class HeapBudgetTests
{
    [TestMethod]
    [DataRow(64, PageMapKind.Runs, 4096, 2.1)]
    [DataRow(512, PageMapKind.Runs, 4096, 1.0)]
    [DataRow(4096, PageMapKind.Runs, 4096, 0.5)]
    [DataRow(512, PageMapKind.FreeBlocks, 4096, 1.0)]
    [DataRow(4096, PageMapKind.FreeBlocks, 4096, 0.5)]
    [DataRow(512, PageMapKind.GroupedFreeBlocks, 4096, 1.0)]
    [DataRow(4096, PageMapKind.GroupedFreeBlocks, 4096, 0.5)]
    [DataRow(512, PageMapKind.Runs, 1024, 1.0)]
    [DataRow(512, PageMapKind.FreeBlocks, 1024, 1.0)]
    [DataRow(4096, PageMapKind.FreeBlocks, 1024, 0.5)]
    [DataRow(512, PageMapKind.GroupedFreeBlocks, 1024, 1.0)]
    [DataRow(4096, PageMapKind.GroupedFreeBlocks, 1024, 0.5)]
    public void Metadata_stays_within_its_share(int kilobytes, PageMapKind kind, int pageSize, double percent)
    {
        var booted = new BootedAllocator(kilobytes * 1024, pageSize, kind);

        Assert.IsLessThanOrEqualTo(percent / 100 * booted.Size, booted.Metadata);
    }

    /// <summary>The rules of the heap, checked on objects that can be counted by hand.</summary>
    [TestMethod]
    public void Objects_and_arrays_cost_what_the_device_takes_for_them()
    {
        Assert.AreEqual(12, new DeviceHeap().Add(new object()));
        Assert.AreEqual(24, new DeviceHeap().Add(new byte[4]));
        Assert.AreEqual(36, new DeviceHeap().Add(new byte[5]));
        Assert.AreEqual(20 + 100 * 12 + 4, new DeviceHeap().Add(new string[100]));
        // Name, start, size and who has taken it.
        Assert.AreEqual(60, new DeviceHeap().Add(new Reservation("name", 4096, 4096)));
        var shared = new byte[4];
        Assert.AreEqual(20 + 24 + 4 + 24, new DeviceHeap().Add(new object[] { shared, shared }));
        Assert.ThrowsExactly<NotSupportedException>(() => new DeviceHeap().Add(new DateTime[1]));
    }

    /// <summary>Frames in a pool need only the library of pages below them: no slabs, no DMA, no displays.</summary>
    [TestMethod]
    public void Frames_reach_pages_alone()
    {
        TypeReach frames = TypeReach.Of(typeof(CarveoutMemory));

        Assert.AreEqual("Carveout.Frames, Carveout.Pages", string.Join(", ", frames.Libraries));
        Assert.IsLessThanOrEqualTo(42, frames.Types);
        Assert.IsLessThanOrEqualTo(30_070, frames.Il);
    }

    [TestMethod]
    public void The_document_has_the_tables_as_they_are()
    {
        string document = File.ReadAllText(Path.Combine(Checkout.Folder, "docs", "heap-budget.md")).ReplaceLineEndings("\n");

        Assert.AreEqual(HeapBudgetCommand.Insert(document, BudgetText.All()), document,
            "run: dotnet run --project tools/HeapBudget -- --update docs/heap-budget.md");
    }

    [TestMethod]
    [DataRow("--update", "no-such-folder/no-such-file.md")]
    [DataRow("--no-such-option", "x")]
    public void Bad_arguments_are_one_line_and_exit_code_2(string option, string value)
    {
        using StringWriter output = new(), error = new();

        Assert.AreEqual(2, HeapBudgetCommand.Run([option, value], output, error));
        Assert.AreEqual("", output.ToString());
        Assert.StartsWith("heapbudget: ", error.ToString());
        Assert.ContainsSingle(c => c == '\n', error.ToString());
    }
}
