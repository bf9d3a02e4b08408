#nullable disable
using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Everything that an allocator calls in the middle of a change may throw. A request that throws has taken nothing, a free
    /// that throws has freed, and all earlier content is still there.</summary>
    [TestClass]
    public class ThrowingCallTests
    {
        private const uint Sram = 0x20000000, Sdram = Sram + (Pages + 8) * Page;
        private const int Page = 1024, Pages = 24, Descriptors = 6;

        private static ThrowingMemory s_memory;
        private static PageAllocator s_pages;
        private static SlabAllocator s_slabs;
        private static DmaAllocator s_dma;
        private static CountingLock s_lock;

        [TestMethod]
        [DataRow(false, (int)SlabDebug.None, 0)]
        [DataRow(true, (int)SlabDebug.None, 0)]
        [DataRow(true, (int)(SlabDebug.Poison | SlabDebug.RedZone), 2)]
        public void Whichever_call_throws_everything_can_be_freed(bool hardenPages, int debug, int quarantine)
        {
            int calls = 1;
            for (int at = 1; at <= calls; at++)
            {
                Boot(hardenPages);
                string before = ProcText.BuddyInfo(s_pages);
                s_memory.ThrowsAt = s_memory.Calls + at;
                int first = s_memory.Calls;
                PagesAndVmalloc();
                Reserve();
                Slabs((SlabDebug)debug, quarantine);
                Coherent();
                Streaming();
                Shrinking();
                calls = s_memory.Calls - first;
                s_memory.ThrowsAt = 0;
                string what = "call " + at.ToString() + " of " + calls.ToString();
                Assert.AreEqual(0, s_lock.Depth, what);
                Assert.AreEqual(0, s_dma.MappingCount, what);
                Assert.AreEqual(0, s_dma.Bounce.LiveCount, what);
                Assert.AreEqual(0, s_dma.BlockCount, what);
                Assert.AreEqual(0, s_slabs.CacheCount, what);
                s_pages.DrainAllPages();
                Assert.AreEqual(before, ProcText.BuddyInfo(s_pages), what);
                // All descriptors are free again, too.
                var cache = new KmemCache(s_slabs, "again", Page, 8, GfpFlags.Kernel, null);
                for (int i = 0; i < Descriptors; i++)
                {
                    Assert.AreNotEqual(0u, cache.Alloc(GfpFlags.Kernel), what);
                }
            }
            Assert.IsTrue(calls > 30, calls.ToString());
        }

        private static void Boot(bool hardenPages)
        {
            s_memory = new ThrowingMemory(new ManagedMemory(Sram, (2 * Pages + 8) * Page));
            s_lock = new CountingLock();
            var map = new MemoryMap("throwing", Page);
            map.Add(new MemoryRegion("SRAM", MemoryKind.Sram, Sram, (Pages + 8) * Page, DmaEngines.General, 32));
            map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, Sdram, Pages * Page, DmaEngines.General, 0));
            map.Reserve("bounce", Sram + Pages * Page, 8 * Page);
            map.Add(new ZonePlan("NORMAL", ZoneKind.Normal, Sram, Pages * Page, DmaEngines.General, PageMapKind.FreeBlocks));
            map.Add(new ZonePlan("DMA", ZoneKind.Dma, Sdram, Pages * Page, DmaEngines.General, PageMapKind.Runs));
            s_pages = PageAllocator.Boot(map, s_memory, s_lock);
            s_pages.SetWatermarks(0, 0);
            s_slabs = new SlabAllocator(s_pages, s_memory, Descriptors, s_lock, new FindingLog(4));
            s_dma = new DmaAllocator(s_pages, map, s_memory, new BounceBuffers("bounce", Sram + Pages * Page, 512, 16), 8, 16);
            if (hardenPages)
            {
                s_pages.Harden(new PageHardening(new FindingLog(4), true, true, 2));
            }
        }

        private static void PagesAndVmalloc()
        {
            uint block = 0, run = 0, slack = 0, area = 0;
            Call(() => block = s_pages.AllocPages(GfpFlags.Kernel | GfpFlags.Zero, 1, 0));
            Call(() => run = s_pages.AllocPagesExact(3 * Page - 100, GfpFlags.Dma | GfpFlags.Zero, 0));
            Call(() => slack = s_pages.AllocBlock(2 * Page + 5, GfpFlags.Kernel | GfpFlags.Zero, 0));
            if (slack != 0)
            {
                Call(() => s_pages.TrimPages(slack, 2 * Page + 5));
            }
            Free(block, () => s_pages.FreePages(block));
            Free(run, () => s_pages.FreePages(run));
            Free(slack, () => s_pages.FreePages(slack));
            var space = new Vmalloc(s_pages, s_memory, 0x80000000, 32, 4, 4);
            var many = new uint[5];
            int taken = 0;
            Call(() => taken = s_pages.AllocPagesBulk(GfpFlags.Kernel | GfpFlags.Zero, many, 0, 5, 0));
            if (taken != 0)
            {
                Call(() => s_pages.FreePagesBulk(many, 0, taken, 0));
            }
            Call(() => area = space.Alloc(3 * Page, GfpFlags.Kernel | GfpFlags.Zero, 0));
            Free(area, () => space.Free(area));
            Assert.AreEqual(0, space.AreaCount);
        }

        /// <summary>An element that is cleared when it comes out of the reserve, since there is no other page.</summary>
        private static void Reserve()
        {
            Mempool pool = null;
            Call(() => pool = new Mempool("reserve", s_pages, 0, GfpFlags.Dma, 1, 1, null));
            if (pool == null)
            {
                return;
            }
            var taken = new uint[Pages];
            int count = 0;
            do
            {
                uint address = 0;
                Call(() => address = s_pages.AllocPages(GfpFlags.Dma, 0, 0));
                taken[count] = address;
            }
            while (taken[count++] != 0);
            uint saved = 0;
            Call(() => saved = pool.Alloc(GfpFlags.Zero));
            Assert.AreEqual(saved == 0 ? 0 : 1, pool.LiveCount);
            Free(saved, () => pool.Free(saved));
            for (int i = 0; i < count; i++)
            {
                uint address = taken[i];
                Free(address, () => s_pages.FreePages(address));
            }
            Assert.AreEqual(0, pool.LiveCount);
            Call(() => pool.Destroy());
        }

        private static void Slabs(SlabDebug debug, int quarantine)
        {
            uint made = 0, zeroed = 0, second = 0, small = 0, large = 0, saved = 0;
            var constructed = new KmemCache(s_slabs, "constructed", 200, 8, GfpFlags.Kernel, new CountingConstructor(s_memory));
            var plain = new KmemCache(s_slabs, "plain", 96, 8, GfpFlags.Kernel, null, debug, quarantine);
            Call(() => made = constructed.Alloc(GfpFlags.Kernel));
            Call(() => zeroed = plain.Alloc(GfpFlags.Kernel | GfpFlags.Zero));
            Call(() => second = plain.Alloc(GfpFlags.Kernel));
            Free(made, () => constructed.Free(made));
            Free(zeroed, () => plain.Free(zeroed));
            Free(second, () => plain.Free(second));
            Mempool pool = null;
            Call(() => pool = new Mempool("pool", plain, 2, 3));
            if (pool != null)
            {
                Call(() => pool.Resize(3));
                Call(() => saved = pool.Alloc(GfpFlags.Kernel | GfpFlags.Zero));
                Free(saved, () => pool.Free(saved));
                Assert.AreEqual(0, pool.LiveCount);
                Call(() => pool.Destroy());
            }
            var kmalloc = new KmallocCaches(s_slabs, new[] { 64, 128, 256, 512, 1024 });
            Call(() => small = kmalloc.Kmalloc(50, GfpFlags.Kernel | GfpFlags.Zero));
            if (small != 0)
            {
                Call(() => large = kmalloc.Krealloc(small, 200, GfpFlags.Kernel));
            }
            Free(small, () => kmalloc.Kfree(large != 0 ? large : small));
            while (s_slabs.CacheCount != 0)
            {
                KmemCache cache = s_slabs.CacheAt(0);
                Assert.AreEqual(0, cache.LiveCount, cache.Name);
                Call(() => cache.Destroy());
            }
        }

        private static void Coherent()
        {
            var device = new DmaDevice("coherent", DmaEngines.General) { MaxSegment = 65536 };
            s_dma.Attach(device, DmaTail.Trim, null);
            uint block = 0, handle = 0, shared = 0, sharedHandle = 0, element = 0, elementHandle = 0;
            Call(() => block = s_dma.AllocCoherent(device, 3 * Page - 9, GfpFlags.Kernel | GfpFlags.Zero, out handle));
            Call(() => shared = s_dma.AllocNoncoherent(device, Page, DmaDirection.FromDevice, GfpFlags.Kernel | GfpFlags.Zero, out sharedHandle));
            Free(block, () => s_dma.FreeCoherent(device, 3 * Page - 9, block, handle));
            Free(shared, () => s_dma.FreeNoncoherent(device, Page, shared, sharedHandle, DmaDirection.FromDevice));
            var pool = new DmaPool("pool", s_dma, device, 64, 8, 0, 2);
            Call(() => element = pool.Alloc(GfpFlags.Kernel | GfpFlags.Zero, out elementHandle));
            Free(element, () => pool.Free(element, elementHandle));
            Assert.AreEqual(0, pool.LiveCount);
            Call(() => pool.Destroy());
            if (pool.ChunkCount != 0)
            {
                pool.Destroy();
            }
        }

        private static void Streaming()
        {
            var device = new DmaDevice("streaming", DmaEngines.General) { MaxSegment = 65536 };
            s_dma.Attach(device);
            var streaming = new DmaStreaming(s_dma);
            uint buffer = 0, bounced = 0, direct = 0;
            Call(() => buffer = s_pages.AllocPages(GfpFlags.Kernel, 1, 0));
            if (buffer == 0)
            {
                return;
            }
            // It shares its first line, so it goes through slots.
            Call(() => bounced = streaming.MapSingle(device, buffer + 4, 100, DmaDirection.Bidirectional));
            Call(() => direct = streaming.MapSingle(device, buffer + Page, 512, DmaDirection.Bidirectional));
            if (direct != 0)
            {
                bool lent = false;
                Call(() =>
                {
                    streaming.SyncForCpu(device, direct, 64, DmaDirection.Bidirectional);
                    lent = true;
                });
                if (lent)
                {
                    Call(() => streaming.SyncForDevice(device, direct, 64, DmaDirection.Bidirectional));
                }
            }
            Free(bounced, () => streaming.UnmapSingle(device, bounced, 100, DmaDirection.Bidirectional));
            Free(direct, () => streaming.UnmapSingle(device, direct, 512, DmaDirection.Bidirectional));
            ScatterList source = new ScatterList(4), mapped = new ScatterList(4);
            source.Append(buffer + 8, 40);
            source.Append(buffer + Page, 128);
            bool whole = false;
            Call(() => whole = streaming.MapScatterList(device, source, mapped, DmaDirection.FromDevice));
            if (whole)
            {
                Call(() => streaming.UnmapScatterList(device, mapped, DmaDirection.FromDevice));
            }
            Free(buffer, () => s_pages.FreePages(buffer));
        }

        private static void Shrinking()
        {
            var shrinker = new GivingShrinker(s_memory, s_pages);
            s_pages.RegisterShrinker(shrinker);
            while (shrinker.Take())
            {
            }
            uint served = 0;
            Call(() => served = s_pages.AllocPages(GfpFlags.Kernel, 0, 0));
            if (served == 0)
            {
                // An object that threw once is asked again.
                Call(() => served = s_pages.AllocPages(GfpFlags.Kernel, 0, 0));
            }
            Assert.AreNotEqual(0u, served);
            Free(served, () => s_pages.FreePages(served));
            shrinker.GiveAll();
        }

        /// <summary>Frees what was allocated.</summary>
        private static void Free(uint address, Action free)
        {
            if (address != 0)
            {
                Call(free);
            }
        }

        private static void Call(Action action)
        {
            try
            {
                action();
            }
            catch (NotSupportedException)
            {
            }
        }

        private sealed class CountingConstructor : ObjectConstructor
        {
            private readonly ThrowingMemory _memory;

            internal CountingConstructor(ThrowingMemory memory)
            {
                _memory = memory;
            }

            public override void Construct(uint address)
            {
                _memory.Call();
            }
        }

        /// <summary>A cache that takes all pages and frees them one by one.</summary>
        private sealed class GivingShrinker : Shrinker
        {
            private readonly ThrowingMemory _memory;
            private readonly PageAllocator _pages;
            private readonly uint[] _had = new uint[2 * Pages];
            private int _count;

            internal GivingShrinker(ThrowingMemory memory, PageAllocator pages)
            {
                _memory = memory;
                _pages = pages;
            }

            public override string Name { get { return "giving"; } }

            public override int Shrink(int pages)
            {
                _memory.Call();
                if (_count == 0)
                {
                    return 0;
                }
                Give();
                return 1;
            }

            internal bool Take()
            {
                uint address = 0;
                Call(() => address = _pages.AllocPages(GfpFlags.Kernel | GfpFlags.NoRetry, 0, 0));
                if (address != 0)
                {
                    _had[_count++] = address;
                }
                return address != 0;
            }

            internal void GiveAll()
            {
                while (_count != 0)
                {
                    Give();
                }
            }

            private void Give()
            {
                uint address = _had[--_count];
                Call(() => _pages.FreePages(address));
            }
        }

        private sealed class CountingLock : AllocatorLock
        {
            internal int Depth { get; private set; }

            public override void Acquire()
            {
                Depth++;
            }

            public override void Release()
            {
                Depth--;
            }
        }
    }
}
