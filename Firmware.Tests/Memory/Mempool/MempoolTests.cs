using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>The reserve: when it is used, how it is refilled, and refusals.</summary>
    [TestClass]
    public class MempoolTests
    {
        private const int PageSize = 4096;
        private const uint Start = 0x10000000;

        private static ManagedMemory s_memory;
        private static PageAllocator s_pages;
        private static SlabAllocator s_slabs;
        private static KmemCache s_cache;
        private static Mempool s_pool;
        private static PageOwner s_leak;

        [TestMethod]
        public void The_most_elements_that_were_out_are_remembered()
        {
            var pool = new Mempool("rescue", KmemCacheTestsPages(16), 0, GfpFlags.Kernel, 2, 4);
            uint a = pool.Alloc(GfpFlags.Kernel), b = pool.Alloc(GfpFlags.Kernel), c = pool.Alloc(GfpFlags.Kernel);
            pool.Free(b);
            Assert.AreEqual(2, pool.LiveCount);
            Assert.AreEqual(3, pool.MaxLiveCount);
            pool.Free(a);
            pool.Free(c);
        }

        private static PageAllocator KmemCacheTestsPages(int pages)
        {
            return new PageAllocator(new[] { new Zone("NORMAL", ZoneKind.Normal, 0x10000000, PageMap.Create(PageMapKind.FreeBlocks, pages)) },
                4096, null, null);
        }

        [TestMethod]
        public void The_minimum_is_taken_at_once_and_under_the_pools_name()
        {
            OverPages(16, 1, 3, 5);
            Assert.AreEqual("rescue", s_pool.Name);
            Assert.AreEqual(2 * PageSize, s_pool.ElementSize);
            Assert.AreEqual(3, s_pool.MinCount);
            Assert.AreEqual(5, s_pool.MaxCount);
            Assert.AreEqual(3, s_pool.ReserveCount);
            Assert.AreEqual(0, s_pool.LiveCount);
            Assert.AreEqual(6, s_pages.OwnerPages(s_pages.RegisterOwner("rescue")));
        }

        [TestMethod]
        public void The_reserve_serves_only_when_pages_are_exhausted()
        {
            OverPages(8, 0, 2, 2);
            uint first = s_pool.Alloc(GfpFlags.Kernel);
            Assert.AreEqual(2, s_pool.ReserveCount, "there were other pages");
            Assert.AreEqual(0, s_pool.SavedCount);
            Exhaust();
            uint a = s_pool.Alloc(GfpFlags.Kernel), b = s_pool.Alloc(GfpFlags.Kernel);
            Assert.IsTrue(a != 0 && b != 0 && a != b && a != first && b != first);
            Assert.AreEqual(2, s_pool.SavedCount);
            Assert.AreEqual(0, s_pool.ReserveCount);
            Assert.AreEqual(3, s_pool.LiveCount);
            Assert.AreEqual(0, s_pool.FailureCount);
            Assert.AreEqual(0u, s_pool.Alloc(GfpFlags.Kernel));
            Assert.AreEqual(1, s_pool.FailureCount);
            Assert.AreEqual(0u, s_pool.Alloc(GfpFlags.Atomic));
            Assert.AreEqual(2, s_pool.FailureCount);
            Assert.AreEqual(3, s_pool.LiveCount);
            s_pool.Free(first);
            Assert.AreEqual(1, s_pool.ReserveCount, "what comes back refills the reserve");
            Assert.AreEqual(first, s_pool.Alloc(GfpFlags.Atomic));
        }

        [TestMethod]
        public void Free_refills_the_reserve_first_and_then_the_pages()
        {
            OverPages(8, 0, 2, 2);
            uint a = s_pool.Alloc(GfpFlags.Kernel);
            Exhaust();
            uint b = s_pool.Alloc(GfpFlags.Kernel);
            s_pool.Free(a);
            Assert.AreEqual(2, s_pool.ReserveCount);
            Assert.AreEqual(0, s_pages.ZoneAt(0).FreePages);
            s_pool.Free(b);
            Assert.AreEqual(2, s_pool.ReserveCount);
            Assert.AreEqual(1, s_pages.ZoneAt(0).FreePages);
            Assert.AreEqual(0, s_pool.LiveCount);
        }

        [TestMethod]
        public void Objects_of_a_cache_are_guaranteed_too()
        {
            OverCache(4, null, 3, 8);
            Assert.AreEqual(100, s_pool.ElementSize);
            Assert.AreEqual(3, s_cache.LiveCount);
            uint[] taken = new uint[256];
            int count = 0;
            for (uint address = s_cache.Alloc(GfpFlags.NoWarn); address != 0; address = s_cache.Alloc(GfpFlags.NoWarn))
            {
                taken[count++] = address;
            }
            uint a = s_pool.Alloc(GfpFlags.Kernel), b = s_pool.Alloc(GfpFlags.Atomic), c = s_pool.Alloc(GfpFlags.NoWarn);
            Assert.IsTrue(a != 0 && b != 0 && c != 0);
            Assert.AreEqual(3, s_pool.SavedCount);
            Assert.AreEqual(0u, s_pool.Alloc(GfpFlags.NoWarn));
            s_pool.Free(b);
            s_cache.Free(taken[0]);
            Assert.AreEqual(taken[0], s_pool.Alloc(GfpFlags.Kernel), "the cache comes first");
            Assert.AreEqual(1, s_pool.ReserveCount);
            Assert.AreEqual(count + 3, s_cache.LiveCount);
        }

        [TestMethod]
        public void A_reserve_that_goes_back_leaves_other_objects_to_their_users()
        {
            OverCache(4, null, 1, 8);
            uint other = s_cache.Alloc(GfpFlags.Kernel);
            s_pool.Free(s_pool.Alloc(GfpFlags.Kernel));
            Assert.IsNotNull(Thrown.By(() => s_pool.Free(other)), "no object of the pool's");
            s_pool.Destroy();
            s_cache.Free(other);
            Assert.AreEqual(0, s_cache.LiveCount);
        }

        [TestMethod]
        public void Objects_in_the_reserve_stay_constructed()
        {
            var constructor = new Stamp();
            OverCache(1, constructor, 2, 2);
            int calls = constructor.Calls;
            for (int round = 0; round < 10; round++)
            {
                uint address = s_pool.Alloc(GfpFlags.Kernel);
                AssertByte(0xC5, address);
                s_pool.Free(address);
            }
            while (s_cache.Alloc(GfpFlags.NoWarn) != 0)
            {
            }
            uint saved = s_pool.Alloc(GfpFlags.Kernel);
            Assert.AreEqual(1, s_pool.SavedCount);
            AssertByte(0xC5, saved);
            s_pool.Free(saved);
            Assert.AreEqual(saved, s_pool.Alloc(GfpFlags.Kernel));
            AssertByte(0xC5, saved);
            Assert.AreEqual(calls, constructor.Calls);
        }

        [TestMethod]
        public void Elements_of_the_reserve_come_zeroed_when_asked()
        {
            OverPages(4, 0, 2, 2);
            s_memory.Fill(Start, 4 * PageSize, 0xEE);
            Exhaust();
            AssertByte(0xEE, s_pool.Alloc(GfpFlags.Kernel));
            uint address = s_pool.Alloc(GfpFlags.Zero);
            AssertByte(0, address);
            AssertByte(0, address + PageSize - 1);
            Assert.AreEqual(2, s_pool.SavedCount);

            OverCache(1, null, 1, 1);
            s_memory.Fill(Start, PageSize, 0xEE);
            while (s_cache.Alloc(GfpFlags.NoWarn) != 0)
            {
            }
            address = s_pool.Alloc(GfpFlags.Zero);
            AssertByte(0, address);
            AssertByte(0, address + 99);
            AssertByte(0xEE, address + 100, "no more than the object");
        }

        [TestMethod]
        public void Zero_where_it_cannot_be_is_refused_and_takes_nothing()
        {
            OverCache(4, new Stamp(), 2, 2);
            Refused(() => s_pool.Alloc(GfpFlags.Zero), typeof(InvalidOperationException), "GfpFlags.Zero", "'rescue'", "constructor");
            while (s_cache.Alloc(GfpFlags.NoWarn) != 0)
            {
            }
            Refused(() => s_pool.Alloc(GfpFlags.Zero), typeof(InvalidOperationException), "constructor");
            OverPages(8, 0, 2, 2);
            var zones = new[] { new Zone("NORMAL", ZoneKind.Normal, Start, PageMap.Create(PageMapKind.FreeBlocks, 4, 0)) };
            var pages = new PageAllocator(zones, PageSize, null, null);
            var pool = new Mempool("blind", pages, 0, GfpFlags.Kernel, 1, 1, null);
            Exception e = Thrown.By(() => pool.Alloc(GfpFlags.Zero));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("'blind', which has no memory to write to", e.Message);
            Assert.AreEqual(3, zones[0].FreePages);
            Assert.AreEqual(0, pool.LiveCount);
        }

        [TestMethod]
        public void The_reserve_comes_before_pressure_on_others_and_pressure_before_failure()
        {
            OverPages(4, 0, 1, 1);
            Exhaust();
            var shrinker = new LeakShrinker();
            s_pages.RegisterShrinker(shrinker);
            Assert.AreNotEqual(0u, s_pool.Alloc(GfpFlags.Kernel));
            Assert.AreEqual(0, shrinker.Calls, "the reserve had one");
            Assert.AreEqual(1, s_pool.SavedCount);
            Assert.AreEqual(0u, s_pool.Alloc(GfpFlags.Atomic));
            Assert.AreEqual(0u, s_pool.Alloc(GfpFlags.NoRetry));
            Assert.AreEqual(0, shrinker.Calls);
            shrinker.Has = Start + PageSize;
            Assert.AreEqual(Start + PageSize, s_pool.Alloc(GfpFlags.Kernel));
            Assert.AreEqual(1, shrinker.Calls);
            Assert.AreEqual(1, s_pool.SavedCount);
        }

        [TestMethod]
        public void The_first_attempt_does_not_warn_and_Atomic_passes_through()
        {
            OverPages(8, 0, 1, 1);
            s_pages.SetWatermarks(4, 0);
            uint a = s_pool.Alloc(GfpFlags.Kernel);
            for (int i = 0; i < 2; i++)
            {
                s_pages.AllocPages(GfpFlags.NoWarn, 0, s_leak);
            }
            Assert.AreEqual(4, s_pages.ZoneAt(0).FreePages);
            uint atomic = s_pool.Alloc(GfpFlags.Atomic);
            Assert.AreEqual(0, s_pool.SavedCount, "Atomic may dip below the watermark");
            Assert.AreNotEqual(0u, s_pool.Alloc(GfpFlags.Kernel));
            Assert.AreEqual(1, s_pool.SavedCount, "Kernel may not");
            Assert.AreEqual(0, s_pages.LastFailure.Pages, "nobody was warned");
            Assert.AreEqual(0u, s_pool.Alloc(GfpFlags.Kernel));
            Assert.AreEqual(1, s_pages.LastFailure.Pages, "now it is a failure");
            s_pool.Free(a);
            s_pool.Free(atomic);
        }

        [TestMethod]
        public void Elements_come_from_the_pools_zones()
        {
            var zones = new[]
            {
                new Zone("DMA", ZoneKind.Dma, 0x20000000, PageMap.Create(PageMapKind.FreeBlocks, 4, 0)),
                new Zone("NORMAL", ZoneKind.Normal, Start, PageMap.Create(PageMapKind.FreeBlocks, 4, 0)),
            };
            var pages = new PageAllocator(zones, PageSize, null, null);
            var pool = new Mempool("dma", pages, 1, GfpFlags.Dma, 1, 1, null);
            Assert.AreEqual(2, zones[0].FreePages);
            Assert.AreEqual(0x20002000u, pool.Alloc(GfpFlags.Kernel));
            Assert.AreEqual(0x20000000u, pool.Alloc(GfpFlags.Atomic), "the reserve's, although NORMAL has pages");
            Assert.AreEqual(0u, pool.Alloc(GfpFlags.Kernel));
            Assert.AreEqual(4, zones[1].FreePages);
        }

        [TestMethod]
        public void A_minimum_that_there_is_no_memory_for_says_by_how_much_and_takes_nothing()
        {
            BootPages(8);
            string before = Drained();
            Exception e = Thrown.By(() => new Mempool("rescue", s_pages, 1, GfpFlags.Kernel, 6, 6, null));
            Assert.IsTrue(e is OutOfMemoryException);
            Assert.Contains("mempool 'rescue' wants 6 elements of 8192 bytes and got 4: 16384 bytes are missing", e.Message);
            Assert.AreEqual(before, Drained());
            Assert.AreEqual(2, s_pages.LastFailure.Pages, "a failure report shows the request");
            s_slabs = new SlabAllocator(s_pages, s_memory, 2, null, null);
            s_cache = new KmemCache(s_slabs, "node", 2048, 2048, GfpFlags.Kernel, null);
            e = Thrown.By(() => new Mempool("nodes", s_cache, 20, 20, null));
            Assert.IsTrue(e is OutOfMemoryException);
            Assert.Contains("mempool 'nodes' wants 20 elements of 2048 bytes and got 4: 32768 bytes are missing", e.Message);
            Assert.AreEqual(0, s_cache.LiveCount);
        }

        [TestMethod]
        public void Resize_fills_up_and_gives_back()
        {
            OverPages(8, 0, 2, 6);
            Assert.IsTrue(s_pool.Resize(5));
            Assert.AreEqual(5, s_pool.ReserveCount);
            Assert.AreEqual(5, s_pool.MinCount);
            Assert.IsTrue(s_pool.Resize(1));
            Assert.AreEqual(1, s_pool.ReserveCount);
            Assert.AreEqual(7, s_pages.ZoneAt(0).FreePages);
            uint out1 = s_pool.Alloc(GfpFlags.Kernel);
            for (int i = 0; i < 3; i++)
            {
                s_pages.AllocPages(GfpFlags.Kernel, 0, s_leak);
            }
            Assert.IsFalse(s_pool.Resize(6), "three more are all that there is");
            Assert.AreEqual(1, s_pool.MinCount);
            Assert.AreEqual(1, s_pool.ReserveCount);
            Assert.AreEqual(3, s_pages.ZoneAt(0).FreePages);
            Assert.AreEqual(0, s_pages.LastFailure.Pages, "asked for, not needed");
            Assert.IsTrue(s_pool.Resize(4));
            Exhaust();
            s_pool.Free(out1);
            Assert.AreEqual(1, s_pages.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void Destroy_gives_everything_back_and_refuses_while_elements_are_out()
        {
            OverPages(16, 1, 3, 3);
            uint address = s_pool.Alloc(GfpFlags.Kernel);
            Refused(() => s_pool.Destroy(), typeof(InvalidOperationException), "mempool 'rescue' cannot be destroyed",
                "1 elements of 8192 bytes are out");
            s_pool.Free(address);
            s_pool.Destroy();
            Assert.AreEqual(16, s_pages.ZoneAt(0).FreePages);
            Assert.AreEqual(0, s_pool.ReserveCount);
            Refused(() => s_pool.Destroy(), typeof(InvalidOperationException), "'rescue' is destroyed");
            Refused(() => s_pool.Alloc(GfpFlags.Kernel), typeof(InvalidOperationException), "'rescue' is destroyed");
            Refused(() => s_pool.Free(address), typeof(InvalidOperationException), "'rescue' is destroyed");
            Refused(() => s_pool.Resize(1), typeof(InvalidOperationException), "'rescue' is destroyed");

            OverCache(4, null, 3, 3);
            Assert.IsTrue(Thrown.By(() => s_cache.Destroy()) is InvalidOperationException, "the reserve is in use");
            s_pool.Destroy();
            s_cache.Destroy();
            Assert.AreEqual(4, s_pages.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void A_wrong_free_of_a_block()
        {
            OverPages(16, 1, 2, 2);
            uint a = s_pool.Alloc(GfpFlags.Kernel), b = s_pool.Alloc(GfpFlags.Kernel);
            uint foreign = s_pages.AllocPages(GfpFlags.Kernel, 1, s_leak), small = s_pages.AllocPages(GfpFlags.Kernel, 0, s_leak);
            Refused(() => s_pool.Free(a + PageSize), typeof(InvalidOperationException), "mempool 'rescue'", "interior free",
                HexText.Of(a + PageSize));
            Refused(() => s_pool.Free(a + 4), typeof(InvalidOperationException), "mempool 'rescue'", HexText.Of(a + 4));
            Refused(() => s_pool.Free(foreign), typeof(InvalidOperationException), "the block at " + HexText.Of(foreign)
                + " is owner 'leak''s", "Expected an element");
            Refused(() => s_pool.Free(small), typeof(InvalidOperationException), "wrong size", "'leak'");
            Refused(() => s_pool.Free(0), typeof(InvalidOperationException), "0x00000000 is in no zone");
            Refused(() => s_pool.Free(0xFFFFF000), typeof(InvalidOperationException), "0xfffff000 is in no zone");
            s_pool.Free(b);
            Refused(() => s_pool.Free(b), typeof(InvalidOperationException), "double free", HexText.Of(b), "'rescue'");
        }

        [TestMethod]
        public void A_double_free_into_the_reserve()
        {
            OverPages(8, 0, 2, 2);
            uint held = s_pool.Alloc(GfpFlags.Kernel);
            Exhaust();
            uint a = s_pool.Alloc(GfpFlags.Kernel);
            s_pool.Free(a);
            Refused(() => s_pool.Free(a), typeof(InvalidOperationException), "mempool 'rescue': double free: " + HexText.Of(a)
                + " lies in the reserve");
            s_pool.Free(held);
            Refused(() => s_pool.Free(a), typeof(InvalidOperationException), "lies in the reserve");
        }

        [TestMethod]
        public void A_wrong_free_of_an_object()
        {
            OverCache(4, null, 2, 2);
            uint loose = s_cache.Alloc(GfpFlags.Kernel);
            Refused(() => s_pool.Free(loose), typeof(InvalidOperationException), "'rescue'", HexText.Of(loose), "taken from cache 'node' itself");
            uint a = s_pool.Alloc(GfpFlags.Kernel);
            Refused(() => s_pool.Free(a + 8), typeof(InvalidOperationException), "mempool 'rescue'", "8 bytes inside", "cache 'node'");
            Refused(() => s_pool.Free(0x30000000), typeof(InvalidOperationException), "0x30000000 is no object in use of cache 'node'");
            s_pool.Free(a);
            Refused(() => s_pool.Free(a), typeof(InvalidOperationException), "it is free already");
            while (s_cache.Alloc(GfpFlags.NoWarn) != 0)
            {
            }
            uint saved = s_pool.Alloc(GfpFlags.Kernel);
            s_pool.Free(saved);
            Refused(() => s_pool.Free(saved), typeof(InvalidOperationException), "double free", "lies in the reserve");
        }

        [TestMethod]
        [DataRow(0, 1)]
        [DataRow(-1, 1)]
        [DataRow(2, 1)]
        [DataRow(1, 4097)]
        [DataRow(int.MinValue, int.MaxValue)]
        public void Counts_that_are_none(int minCount, int maxCount)
        {
            OverPages(8, 0, 1, 3);
            Refused(() => new Mempool("odd", s_pages, 0, GfpFlags.Kernel, minCount, maxCount, null), typeof(ArgumentOutOfRangeException),
                "mempool 'odd': " + minCount.ToString() + " of " + maxCount.ToString(), "4096");
            s_slabs = new SlabAllocator(s_pages, s_memory, 4, null, null);
            s_cache = new KmemCache(s_slabs, "node", 100, 8, GfpFlags.Kernel, null);
            Refused(() => new Mempool("odd", s_cache, minCount, maxCount, null), typeof(ArgumentOutOfRangeException), "mempool 'odd'");
            Refused(() => s_pool.Resize(0), typeof(ArgumentOutOfRangeException), "mempool 'rescue': 0 of 3");
            Refused(() => s_pool.Resize(4), typeof(ArgumentOutOfRangeException), "mempool 'rescue': 4 of 3");
        }

        [TestMethod]
        public void Orders_flags_and_sources_that_are_none()
        {
            OverPages(8, 0, 1, 3);
            Refused(() => new Mempool("odd", s_pages, 11, GfpFlags.Kernel, 1, 1, null), typeof(ArgumentOutOfRangeException), "order 11", "0 to 10");
            Refused(() => new Mempool("odd", s_pages, -1, GfpFlags.Kernel, 1, 1, null), typeof(ArgumentOutOfRangeException), "order -1");
            Refused(() => new Mempool("odd", s_pages, 0, GfpFlags.Zero, 1, 1, null), typeof(ArgumentOutOfRangeException), "'odd'", "flags 4");
            Assert.ThrowsException(typeof(ArgumentNullException), () => new Mempool(null, s_pages, 0, GfpFlags.Kernel, 1, 1, null));
            Assert.ThrowsException(typeof(ArgumentNullException), () => new Mempool("odd", null, 0, GfpFlags.Kernel, 1, 1, null));
            Assert.ThrowsException(typeof(ArgumentNullException), () => new Mempool("odd", null, 1, 1, null));
            s_slabs = new SlabAllocator(s_pages, s_memory, 4, null, null);
            s_cache = new KmemCache(s_slabs, "node", 100, 8, GfpFlags.Kernel, null);
            Assert.ThrowsException(typeof(ArgumentNullException), () => new Mempool(null, s_cache, 1, 1, null));
        }

        [TestMethod]
        public void The_lock_may_be_the_page_allocators_and_is_never_left_held()
        {
            var gate = new FlatGate();
            var zones = new[] { new Zone("NORMAL", ZoneKind.Normal, Start, PageMap.Create(PageMapKind.FreeBlocks, 8, 0)) };
            var pages = new PageAllocator(zones, PageSize, null, gate);
            var pool = new Mempool("rescue", pages, 0, GfpFlags.Kernel, 2, 4, gate);
            uint a = pool.Alloc(GfpFlags.Kernel), b;
            while ((b = pool.Alloc(GfpFlags.NoWarn)) != 0)
            {
                pool.Resize(pool.MinCount);
            }
            pool.Free(a);
            Thrown.By(() => pool.Free(a));
            Thrown.By(() => pool.Alloc(GfpFlags.Zero));
            Thrown.By(() => pool.Destroy());
            Assert.AreEqual(0, gate.Held);
            Assert.AreEqual(0, gate.Faults, "never taken twice");
            Assert.IsTrue(gate.Acquired > 20);
        }

        [TestMethod]
        public void An_object_of_the_cache_itself_is_none_of_the_pools()
        {
            OverCache(4, null, 2, 4);
            uint stranger = s_cache.Alloc(GfpFlags.Kernel), element = s_pool.Alloc(GfpFlags.Kernel);
            Refused(() => s_pool.Free(stranger), typeof(InvalidOperationException), "'rescue'", "taken from cache 'node' itself");
            s_cache.Free(stranger);
            s_pool.Free(element);
            Refused(() => s_pool.Free(element), typeof(InvalidOperationException), "'rescue'");
            Assert.AreEqual(s_cache.LiveCount, s_pool.ReserveCount);
            s_pool.Destroy();
            Assert.AreEqual(0, s_cache.LiveCount);
        }

        [TestMethod]
        public void An_element_of_a_later_slab_is_the_pools_as_well()
        {
            OverCache(4, null, 2, 4);
            while (s_cache.SlabCount < 2)
            {
                s_cache.Alloc(GfpFlags.Kernel);
            }
            uint stranger = s_cache.Alloc(GfpFlags.Kernel), first = s_pool.Alloc(GfpFlags.Kernel), second = s_pool.Alloc(GfpFlags.Kernel);
            Refused(() => s_pool.Free(stranger), typeof(InvalidOperationException), "'rescue'", "taken from cache 'node' itself");
            s_pool.Free(second);
            second = s_pool.Alloc(GfpFlags.Kernel);
            s_pool.Free(first);
            s_pool.Free(second);
            Assert.AreEqual(0, s_pool.LiveCount);
        }

        [TestMethod]
        public void A_minimum_that_cannot_be_raised_is_no_failure_of_the_page_allocator()
        {
            OverPages(4, 0, 2, 8);
            Assert.IsFalse(s_pool.Resize(5));
            Assert.AreEqual(2, s_pool.MinCount);
            Assert.AreEqual(0, s_pages.LastFailure.Pages, "NoWarn");
        }

        private static void BootPages(int pages)
        {
            s_memory = new ManagedMemory(Start, pages * PageSize);
            s_pages = new PageAllocator(new[] { new Zone("NORMAL", ZoneKind.Normal, Start, PageMap.Create(PageMapKind.FreeBlocks, pages, 4)) }, PageSize, s_memory, null);
            s_leak = s_pages.RegisterOwner("leak");
        }

        private static void OverPages(int pages, int order, int minCount, int maxCount)
        {
            BootPages(pages);
            s_cache = null;
            s_pool = new Mempool("rescue", s_pages, order, GfpFlags.Kernel, minCount, maxCount, null);
        }

        private static void OverCache(int pages, ObjectConstructor constructor, int minCount, int maxCount)
        {
            BootPages(pages);
            s_slabs = new SlabAllocator(s_pages, s_memory, 4, null, null);
            s_cache = new KmemCache(s_slabs, "node", 100, 8, GfpFlags.Kernel, constructor);
            s_pool = new Mempool("rescue", s_cache, minCount, maxCount, null);
        }

        /// <summary>Another user takes every page.</summary>
        private static void Exhaust()
        {
            while (s_pages.AllocPages(GfpFlags.NoWarn, 0, s_leak) != 0)
            {
            }
        }

        private static string Drained()
        {
            s_pages.DrainAllPages();
            return ProcText.BuddyInfo(s_pages);
        }

        private static void AssertByte(byte expected, uint address, string message = "")
        {
            var bytes = new byte[1];
            s_memory.Read(address, bytes, 0, 1);
            Assert.AreEqual(expected, bytes[0], message);
        }

        private static void Refused(Action action, Type exception, params string[] words)
        {
            string before = State();
            Thrown.As(exception, action, words);
            Assert.AreEqual(before, State());
        }

        private static string State()
        {
            return ProcText.BuddyInfo(s_pages) + ProcText.TopOwners(s_pages) + (s_cache == null ? "" : s_cache.LiveCount.ToString()) + " "
                + s_pool.MinCount.ToString() + " " + s_pool.ReserveCount.ToString() + " " + s_pool.LiveCount.ToString() + " "
                + s_pool.SavedCount.ToString() + " " + s_pool.FailureCount.ToString();
        }

        private sealed class Stamp : ObjectConstructor
        {
            internal int Calls;

            public override void Construct(uint address)
            {
                Calls++;
                s_memory.Fill(address, 100, 0xC5);
            }
        }

        /// <summary>Frees a page of the leak, or nothing.</summary>
        private sealed class LeakShrinker : Shrinker
        {
            internal int Calls;
            internal uint Has;

            public override string Name { get { return "leak"; } }

            public override int Shrink(int pages)
            {
                Calls++;
                if (Has == 0)
                {
                    return 0;
                }
                s_pages.FreePages(Has);
                Has = 0;
                return 1;
            }
        }

        private sealed class FlatGate : AllocatorLock
        {
            internal int Held, Faults, Acquired;

            public override void Acquire()
            {
                Acquired++;
                Faults += Held;
                Held++;
            }

            public override void Release()
            {
                Held--;
            }
        }
    }
}
