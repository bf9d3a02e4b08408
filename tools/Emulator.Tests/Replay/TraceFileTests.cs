using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Tests.Replay;

[TestClass]
public sealed class TraceFileTests
{
    [TestMethod]
    public void Reads_operations_comments_and_loops()
    {
        using var file = new TraceText("# trace v1\n# loop 0\na 0 100 32\n\n# loop 1\na 7 4096 4096\nf 0\n");
        TraceFile trace = TraceFile.Read(file.Path);
        Assert.HasCount(3, trace.Operations);
        Assert.AreEqual(new TraceOperation(6, 7, 4096, 4096) { Slot = 1 }, trace.Operations[1]);
        Assert.IsFalse(trace.Operations[2].IsAllocation);
        Assert.AreEqual(8, trace.IdCount);
        Assert.AreSequenceEqual((int[])[0, 1], trace.LoopStarts.ToArray());
    }

    [TestMethod]
    public void Reads_what_comments_say()
    {
        using var file = new TraceText(
            "# trace v1 captured records=5 lost=88 page=4096 kind=movie\na 0 1 1\n# loop 15\n# loop 16\n# refused\na 1 1 1\nf 1\n# loop x\n"
            + "# the device starts anew\nf 0\n");
        TraceFile trace = TraceFile.Read(file.Path);
        Assert.AreEqual(88L, trace.Header.Said("lost"));
        Assert.IsNull(trace.Header.Said("kind"), "only numbers are kept");
        Assert.IsNull(trace.Header.Said("missing"));
        Assert.AreSequenceEqual((int[])[15, 16, 2], trace.LoopNumbers.ToArray());
        Assert.AreSequenceEqual((int?[])[null, 16, 16, 2], Enumerable.Range(0, 4).Select(trace.LoopOf).ToArray());
        Assert.AreSequenceEqual((int[])[3], trace.Restarts.ToArray());
        Assert.AreSequenceEqual((bool[])[false, true, false, false], Enumerable.Range(0, 4).Select(trace.IsRefused).ToArray());
    }

    [TestMethod]
    public void Reads_trims_times_and_owners()
    {
        using var file = new TraceText("a 0 9000 4096 time=12 by=app.leak\na 1 5 32 by=b\nt 0 5000 time=5000000000\nt 0 5000\nf 0 time=0\nf 1 by=x\n");
        TraceFile trace = TraceFile.Read(file.Path);
        TraceOperation[] expected =
        [
            new(1, 0, 9000, 4096, 12, "app.leak"), new(2, 1, 5, 32, null, "b") { Slot = 1 }, new(3, 0, 5000, 0, 5_000_000_000), new(4, 0, 5000, 0),
            new(5, 0, 0, 0, 0), new(6, 1, 0, 0, null, "x") { Slot = 1 },
        ];
        Assert.AreSequenceEqual(expected, trace.Operations.ToArray());
        Assert.AreSequenceEqual((int[])[0, 1], Indices(trace, operation => operation.IsAllocation));
        Assert.AreSequenceEqual((int[])[2, 3], Indices(trace, operation => operation.IsTrim));

        static int[] Indices(TraceFile trace, Predicate<TraceOperation> which) =>
            [.. Enumerable.Range(0, trace.Operations.Count).Where(i => which(trace.Operations[i]))];
    }

    [TestMethod]
    [DataRow("a 0 100 32 by=x time=5\n", "expected 'a ID SIZE ALIGN'")]
    [DataRow("a 0 100 32 time=\n", "'' is not a number")]
    [DataRow("a 0 100 32 time=-1\n", "'-1' is not a number")]
    [DataRow("by=x\n", "(1): expected")]
    [DataRow("time=1\n", "(1): expected")]
    [DataRow("t 0 5\n", "(1): the id is not allocated")]
    [DataRow("a 0 100 32\nt 0 0\n", "'0' is not a number from 1")]
    [DataRow("a 0 100 32\nt 0 101\n", "(2): the block has 100 bytes")]
    [DataRow("a 0 100 32\nt 0 50\nt 0 60\n", "(3): the block has 50 bytes")]
    [DataRow("a 0 100 32\nt 0 50 32\n", "(2): expected")]
    [DataRow("a 0 100\n", "(1)")]
    [DataRow("a 0 100 32 5\n", "(1)")]
    [DataRow("b 0\n", "(1)")]
    [DataRow("a 0 100 32\nf 1\n", "(2): the id is not allocated")]
    [DataRow("a 0 100 32\nf 0\nf 0\n", "(3): the id is not allocated")]
    [DataRow("a 0 100 32\na 0 100 32\n", "(2): the id was allocated before")]
    [DataRow("a 0 100 32\nf 0\na 0 100 32\n", "(3): the id was allocated before")]
    [DataRow("a 0 0 32\n", "'0' is not a number from 1")]
    [DataRow("a 0 -5 32\n", "'-5' is not a number")]
    [DataRow("a 0 2147483648 32\n", "'2147483648' is not a number from 1 to 2147483647")]
    [DataRow("a 99999999999 1 1\n", "'99999999999' is not a number")]
    [DataRow("a 0 100 3\n", "not a power of two")]
    [DataRow("", "no operation")]
    [DataRow("# only a comment\n", "no operation")]
    public void Line_that_is_none_is_refused_with_its_place(string text, string expected)
    {
        using var file = new TraceText(text);
        UsageException e = Assert.ThrowsExactly<UsageException>(() => TraceFile.Read(file.Path));
        Assert.StartsWith(file.Path, e.Message);
        Assert.Contains(expected, e.Message);
    }

    [TestMethod]
    public void File_that_is_not_there_or_not_gzip_is_refused()
    {
        Assert.ThrowsExactly<UsageException>(() => TraceFile.Read("no-such.trace"));
        using var file = new TraceText("a 0 100 32\n");
        string fake = file.Path + ".gz";
        File.Copy(file.Path, fake);
        try
        {
            Assert.ThrowsExactly<UsageException>(() => TraceFile.Read(fake));
        }
        finally
        {
            File.Delete(fake);
        }
    }
}
