using Carveout.Buffers;

namespace Carveout.Emulator.Tests.Buffers;

/// <summary>The example of a download, and its allocations, which a host can count exactly.</summary>
[TestClass]
public sealed class DownloadTests
{
    [TestMethod]
    public void The_example_prints_what_it_kept_and_who_had_buffers()
    {
        ProgramRun run = ProgramRun.Of("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Download.dll")]);
        Assert.AreEqual("""
            pooled: 5600 bytes, 400 lines
            pool 'http': 8 buffers of 1500 bytes, 4 free, at least 3, 0 refused, longest wait 0 ms; download 4
            MemoryStream: 5600 bytes, 400 lines
            pool 'http': 8 buffers of 1500 bytes, 8 free, at least 3, 0 refused, longest wait 0 ms; nobody

            """.ReplaceLineEndings("\n"), run.Output.ReplaceLineEndings("\n"));
    }

    /// <summary>A MemoryStream allocates an array of twice the size each time that it grows. The pooled stream allocates its object and an
    /// array of references, however much arrives.</summary>
    [TestMethod]
    public void A_pooled_stream_allocates_itself_and_nothing_else()
    {
        var pool = new BufferPool("http", 1500, 8);
        Download.Program.Receive(pool, new MemoryStream());
        long pooled = ManagedHeap.LeastTaken(() =>
        {
            using var kept = new PooledStream(pool, "download");
            Download.Program.Receive(pool, kept);
        });
        long plain = ManagedHeap.LeastTaken(() =>
        {
            using var kept = new MemoryStream();
            Download.Program.Receive(pool, kept);
        });
        Assert.IsLessThan(1000L, pooled);
        Assert.IsGreaterThan(1500L + 3000 + 6000, plain);
    }
}
