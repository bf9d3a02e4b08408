using Carveout.Emulator.Replay;
using Microsoft.VisualStudio.TestTools.UnitTesting;

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
        Assert.AreEqual(new TraceOperation(6, 7, 4096, 4096), trace.Operations[1]);
        Assert.IsFalse(trace.Operations[2].IsAllocation);
        Assert.AreEqual(8, trace.IdCount);
        CollectionAssert.AreEqual((int[])[0, 1], trace.LoopStarts.ToArray());
    }

    [TestMethod]
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
