using System;
using Carveout.Board;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    [TestClass]
    public class TraceRingTests
    {
        private const int PageSize = 4096;

        [TestMethod]
        [DataRow(0)]
        [DataRow(-1)]
        [DataRow(65537)]
        public void Refuses_capacities_that_are_none(int capacity)
        {
            Thrown.As(typeof(ArgumentOutOfRangeException), () => new TraceRing(capacity, null), new[] { capacity.ToString(), "expected 1 to 65536" });
        }

        [TestMethod]
        public void An_empty_ring_has_nothing()
        {
            var ring = new TraceRing(8, null);
            var record = new TraceRecord();
            Assert.IsFalse(ring.CopyFrom(1, record));
            Assert.AreEqual(0L, record.Sequence);
            Assert.AreEqual(0L, ring.Recorded);
            Assert.AreEqual(0L, ring.Overwritten);
            Assert.AreEqual(8, ring.Capacity);
        }

        [TestMethod]
        public void Every_operation_is_recorded_as_it_was_asked_for()
        {
            PageAllocator allocator = Traced(64, 16, out TraceRing ring, out TestClock clock);
            PageOwner camera = allocator.RegisterOwner("camera"), display = allocator.RegisterOwner("display");
            clock.Time = -5;
            uint block = allocator.AllocPages(GfpFlags.Dma, 2, camera);
            clock.Time = 7;
            uint rounded = allocator.AllocBlock(5 * PageSize, GfpFlags.Dma, display);
            uint exact = allocator.AllocPagesExact(2 * PageSize + 1, GfpFlags.Dma, camera, 4 * PageSize);
            ring.MarkLoop(3);
            clock.Time = 8;
            allocator.TrimPages(block, PageSize + 1);
            Assert.AreEqual(0u, allocator.AllocPages(GfpFlags.Dma, 6, display));
            Assert.AreEqual(0u, allocator.AllocPagesExact(60 * PageSize + 3, GfpFlags.Dma, camera, 2 * PageSize));
            Assert.AreEqual(0u, allocator.AllocBlock(60 * PageSize, GfpFlags.Dma | GfpFlags.NoWarn, camera));
            allocator.FreePages(block);
            allocator.FreePages(rounded, 3);
            allocator.FreePagesExact(exact, 3 * PageSize);

            TraceAssert.Recorded(ring, 1, TraceKind.Block, block, 4 * PageSize, 4 * PageSize, camera, -5);
            TraceAssert.Recorded(ring, 2, TraceKind.Block, rounded, 5 * PageSize, PageSize, display, 7);
            TraceAssert.Recorded(ring, 3, TraceKind.Run, exact, 2 * PageSize + 1, 4 * PageSize, camera, 7);
            TraceAssert.Recorded(ring, 4, TraceKind.Loop, 0, 3, 0, 0, 7);
            TraceAssert.Recorded(ring, 5, TraceKind.Trim, block, PageSize + 1, 0, camera, 8);
            TraceAssert.Recorded(ring, 6, TraceKind.Failure, 0, 64 * PageSize, 64 * PageSize, display, 8);
            TraceAssert.Recorded(ring, 7, TraceKind.Failure, 0, 60 * PageSize + 3, 2 * PageSize, camera, 8);
            TraceAssert.Recorded(ring, 8, TraceKind.Failure, 0, 60 * PageSize, PageSize, camera, 8);
            TraceAssert.Recorded(ring, 9, TraceKind.Free, block, 2 * PageSize, 0, camera, 8);
            TraceAssert.Recorded(ring, 10, TraceKind.Free, rounded, 8 * PageSize, 0, display, 8);
            TraceAssert.Recorded(ring, 11, TraceKind.Free, exact, 3 * PageSize, 0, camera, 8);
            Assert.AreEqual(11L, ring.Recorded);
            Assert.AreEqual(0L, ring.Overwritten);
            Assert.IsTrue(allocator.GetTraceRing() == ring);
        }

        [TestMethod]
        public void The_oldest_records_give_way_and_their_loss_is_known()
        {
            PageAllocator allocator = Traced(64, 4, out TraceRing ring, out TestClock clock);
            var pages = new uint[10];
            for (int i = 0; i < pages.Length; i++)
            {
                clock.Time = i;
                pages[i] = allocator.AllocPages(GfpFlags.Dma, 0, 0);
                Assert.AreEqual(i < 4 ? 0L : i - 3L, ring.Overwritten);
            }
            Assert.AreEqual(10L, ring.Recorded);
            var record = new TraceRecord();
            Assert.IsTrue(ring.CopyFrom(1, record));
            Assert.AreEqual(7L, record.Sequence, "1 to 6 are gone");
            for (int i = 6; i < 10; i++)
            {
                TraceAssert.Recorded(ring, i + 1, TraceKind.Block, pages[i], PageSize, PageSize, 0, i);
            }
            Assert.IsFalse(ring.CopyFrom(11, record));
            Assert.AreEqual(7L, record.Sequence, "left as it was");
            Thrown.As(typeof(ArgumentOutOfRangeException), () => ring.CopyFrom(0, record), new[] { "operation 0: expected 1 or more" });
        }

        [TestMethod]
        public void A_ring_of_one_keeps_the_latest()
        {
            PageAllocator allocator = Traced(64, 1, out TraceRing ring, out _);
            uint address = allocator.AllocPages(GfpFlags.Dma, 0, 0);
            TraceAssert.Recorded(ring, 1, TraceKind.Block, address, PageSize, PageSize, 0, 0);
            allocator.FreePages(address);
            TraceAssert.Recorded(ring, 2, TraceKind.Free, address, PageSize, 0, 0, 0);
        }

        [TestMethod]
        public void Refused_calls_leave_no_record()
        {
            PageAllocator allocator = Traced(64, 16, out TraceRing ring, out _);
            uint address = allocator.AllocPages(GfpFlags.Dma, 2, 0);
            Thrown.As(typeof(InvalidOperationException), () => allocator.FreePages(address, 3), new[] { HexText.Of(address) });
            Thrown.As(typeof(InvalidOperationException), () => allocator.FreePages(address + PageSize), new[] { "interior free" });
            Thrown.As(typeof(ArgumentOutOfRangeException), () => allocator.TrimPages(address, 5 * PageSize), new[] { HexText.Of(address) });
            Thrown.As(typeof(ArgumentOutOfRangeException), () => allocator.AllocPages(GfpFlags.Dma, 11, 0), new[] { "order 11" });
            Thrown.As(typeof(ArgumentOutOfRangeException), () => ring.MarkLoop(-1), new[] { "loop -1: expected 0 or more" });
            Assert.AreEqual(1L, ring.Recorded);
        }

        [TestMethod]
        public void Zeroed_pages_without_memory_are_taken_and_given_back()
        {
            PageAllocator allocator = Traced(64, 16, out TraceRing ring, out _);
            Thrown.As(typeof(InvalidOperationException), () => allocator.AllocPages(GfpFlags.Dma | GfpFlags.Zero, 0, 0), new string[0]);
            uint start = allocator.ZoneAt(0).Start;
            TraceAssert.Recorded(ring, 1, TraceKind.Block, start, PageSize, PageSize, 0, 0);
            TraceAssert.Recorded(ring, 2, TraceKind.Free, start, PageSize, 0, 0, 0);
            Assert.AreEqual(2L, ring.Recorded);
        }

        [TestMethod]
        public void Switched_off_nothing_is_recorded_and_the_records_stay()
        {
            PageAllocator allocator = Traced(64, 16, out TraceRing ring, out _);
            uint address = allocator.AllocPages(GfpFlags.Dma, 0, 0);
            allocator.Trace(null);
            Assert.IsNull(allocator.GetTraceRing());
            allocator.FreePages(address);
            allocator.TrimPages(allocator.AllocPages(GfpFlags.Dma, 1, 0), PageSize);
            Assert.AreEqual(0u, allocator.AllocPages(GfpFlags.Dma, 6, 0));
            Assert.AreEqual(1L, ring.Recorded);
            TraceAssert.Recorded(ring, 1, TraceKind.Block, address, PageSize, PageSize, 0, 0);
        }

        [TestMethod]
        public void A_ring_is_used_once()
        {
            PageAllocator allocator = Traced(64, 16, out TraceRing ring, out _);
            Thrown.As(typeof(InvalidOperationException), () => allocator.Trace(ring),
                new[] { "in use already, with 0 records", "expected an empty one" });
            Thrown.As(typeof(InvalidOperationException), () => PageTestZones.OneZone(64).Trace(ring), new[] { "in use already" });
            Assert.IsTrue(allocator.GetTraceRing() == ring, "nothing has changed");
            var other = new TraceRing(8, null);
            allocator.Trace(other);
            allocator.AllocPages(GfpFlags.Dma, 0, 0);
            Assert.AreEqual(0L, ring.Recorded);
            Assert.AreEqual(1L, other.Recorded);
            var marked = new TraceRing(8, null);
            marked.MarkLoop(0);
            Thrown.As(typeof(InvalidOperationException), () => allocator.Trace(marked), new[] { "with 1 records" });
        }

        [TestMethod]
        public void Owner_tracking_goes_on_when_tracing_ends()
        {
            PageAllocator allocator = Traced(64, 16, out TraceRing ring, out _);
            var table = new OwnerTable(8);
            allocator.TrackOwners(table);
            allocator.Trace(null);
            allocator.AllocPages(GfpFlags.Dma, 0, 0);
            Assert.AreEqual(1, table.Count);
            Assert.AreEqual(0L, ring.Recorded);
        }

        [TestMethod]
        public void Records_are_written_and_read_under_the_lock_of_the_allocator()
        {
            var gate = new CountingLock();
            var allocator = new PageAllocator(new[] { new Zone("DMA", ZoneKind.Dma, 0xC0000000, PageMap.Create(PageMapKind.FreeBlocks, 64, 0)) }, PageSize, null, gate);
            var ring = new TraceRing(8, new LockedClock(gate));
            allocator.Trace(ring);
            uint address = allocator.AllocPages(GfpFlags.Dma, 1, 0);
            allocator.TrimPages(address, 1);
            allocator.FreePages(address);
            allocator.AllocPages(GfpFlags.Dma, 7, 0);
            ring.MarkLoop(0);
            Assert.AreEqual(5L, ring.Recorded);
            for (int i = 1; i <= 5; i++)
            {
                var record = new TraceRecord();
                Assert.IsTrue(ring.CopyFrom(i, record));
                Assert.AreEqual(1, record.Time, "recorded with the lock held, and held once");
            }
            Assert.AreEqual(0, gate.Depth);
        }

        internal static PageAllocator Traced(int pages, int capacity, out TraceRing ring, out TestClock clock)
        {
            PageAllocator allocator = PageTestZones.OneZone(pages);
            clock = new TestClock();
            ring = new TraceRing(capacity, clock);
            allocator.Trace(ring);
            return allocator;
        }

        /// <summary>Shows the time that it is told.</summary>
        internal sealed class TestClock : TraceClock
        {
            internal int Time;

            public override int Milliseconds { get { return Time; } }
        }

        private sealed class CountingLock : AllocatorLock
        {
            internal int Depth;

            public override void Acquire() { Depth++; }

            public override void Release() { Depth--; }
        }

        /// <summary>Shows how often the lock is held at present.</summary>
        private sealed class LockedClock : TraceClock
        {
            private readonly CountingLock _gate;

            internal LockedClock(CountingLock gate)
            {
                _gate = gate;
            }

            public override int Milliseconds { get { return _gate.Depth; } }
        }
    }
}
