using System.Diagnostics;
using Carveout.Emulator.Tests.Properties;

namespace Carveout.Emulator.Tests.Machine;

/// <summary>The machine as a whole: real pixels from a camera through a cached memory to a display.</summary>
[TestClass]
public sealed class VideoLoopTests
{
    private const long Second = 1_000_000;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Every_frame_arrives_whole_and_nothing_is_stale(bool touches)
    {
        var loop = new VideoLoop(4, touches, 60, 3);
        var seen = new HashSet<int>();
        int wrong = 0;
        loop.Display.FrameShown = display =>
        {
            var hash = new HashCode();
            hash.AddBytes(display.LastFrame);
            seen.Add(hash.ToHashCode());
            wrong += display.LastBuffer != 0 && !display.LastFrame.SequenceEqual(BytesAt(loop, display.LastBuffer)) ? 1 : 0;
        };
        loop.Start();
        loop.Machine.Events.AdvanceTo((4 * Second) - 1);
        Assert.AreEqual(120, loop.Camera.Frames);
        Assert.AreEqual(0, loop.Camera.Dropped + loop.Camera.Overruns + loop.Display.TornFrames + loop.Display.Underruns + wrong);
        Assert.IsGreaterThanOrEqualTo(118L, loop.Shown);
        Assert.IsGreaterThanOrEqualTo(118, seen.Count, "no two frames are alike");
        Assert.AreEqual(0, loop.Machine.StaleLines);
    }

    [TestMethod]
    public void Two_runs_from_one_seed_are_the_same_to_the_last_event_and_another_seed_differs()
    {
        string first = Trace(7);
        Assert.AreEqual(first, Trace(7));
        Assert.AreNotEqual(first, Trace(8));
    }

    [TestMethod]
    public void A_running_loop_allocates_nothing()
    {
        var loop = new VideoLoop(4, true, 60, 3);
        loop.Start();
        Assert.AreEqual(0L, ManagedHeap.LeastTaken(() => loop.Machine.Events.AdvanceTo(loop.Machine.Events.Now + (2 * Second))));
    }

    [TestMethod]
    [DataRow(false, 30)]
    [DataRow(false, 60)]
    [DataRow(true, 60)]
    public void Speed(bool touches, int refreshes)
    {
        var run = new PropertyRun(TestContext, 1);
        var loop = new VideoLoop(4, touches, refreshes, run.Seed);
        loop.Start();
        loop.Machine.Events.AdvanceTo(Second);
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        long seconds = TestSeed.Steps(10);
        loop.Machine.Events.AdvanceTo((1 + seconds) * Second);
        double ratio = seconds / (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
        TestContext.WriteLine($"{(touches ? "CPU touches every byte" : "zero-copy")}, {refreshes} Hz: {loop.Camera.Completed} frames, "
            + $"{ratio:F0} times real time; 216,000 frames take {7200 / ratio:F0} s of a core");
        Assert.AreEqual(0, loop.Camera.Dropped + loop.Display.TornFrames + loop.Machine.StaleLines);
    }

    private static byte[] BytesAt(VideoLoop loop, uint address)
    {
        byte[] bytes = new byte[VideoLoop.FrameSize];
        loop.Machine.Memory.Read(address, bytes, 0, bytes.Length);
        return bytes;
    }

    /// <summary>Every frame that was shown, with its time and bytes, and the counts.</summary>
    private static string Trace(ulong seed)
    {
        var loop = new VideoLoop(3, true, 50, seed);
        ulong hash = 14695981039346656037;
        void Add(ulong value) => hash = (hash ^ value) * 1099511628211;
        loop.Display.FrameShown = display =>
        {
            Add((ulong)loop.Machine.Events.Now);
            foreach (byte b in display.LastFrame)
            {
                Add(b);
            }
        };
        loop.Start();
        loop.Machine.Events.AdvanceTo(Second);
        DataCache cache = loop.Machine.Caches[0];
        return $"{hash:x} {loop.Shown} {cache.Hits} {cache.Misses} {cache.WriteBacks} "
            + $"{loop.Machine.Bus.BusyNanoseconds} {loop.Machine.Cpu.Operations}";
    }
}
