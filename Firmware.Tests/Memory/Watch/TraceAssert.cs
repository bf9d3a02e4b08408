using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Asserts the content of a trace ring.</summary>
    internal static class TraceAssert
    {
        internal static void Recorded(TraceRing ring, int sequence, TraceKind kind, uint address, int size, int alignment, PageOwner owner,
            int time)
        {
            var record = new TraceRecord();
            Assert.IsTrue(ring.CopyFrom(sequence, record));
            Assert.AreEqual((long)sequence, record.Sequence);
            Assert.AreEqual((int)kind, (int)record.Kind, "kind of " + sequence.ToString());
            Assert.AreEqual(address, record.Address);
            Assert.AreEqual(size, record.Size, "size of " + sequence.ToString());
            Assert.AreEqual(alignment, record.Alignment, "alignment of " + sequence.ToString());
            Assert.AreEqual((int)owner, (int)record.Owner);
            Assert.AreEqual(time, record.Time);
        }
    }
}
