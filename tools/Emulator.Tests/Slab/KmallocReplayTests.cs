using Carveout.Emulator.Replay;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Carveout.Emulator.Tests.Slab;

[TestClass]
public sealed class KmallocReplayTests
{
    [TestMethod]
    [DataRow("small80")]
    [DataRow("order80")]
    [DataRow("pages80")]
    [DataRow("movie")]
    public void Zone_is_as_new_after_any_replay_through_kmalloc(string trace)
    {
        var options = new ReplayOptions(8 * 1024 * 1024, 4096, TailPolicy.Keep, 65536, AllocatorKind.Carveout, false, AllocationPath.Kmalloc);
        var replay = new TraceReplay(Traces.Read(trace), options);
        string fresh = replay.BuddyInfo;
        replay.Run(_ => { }, default);
        Assert.AreNotEqual(fresh, replay.BuddyInfo);
        replay.FreeAll();
        Assert.AreEqual(fresh, replay.BuddyInfo);
    }
}
