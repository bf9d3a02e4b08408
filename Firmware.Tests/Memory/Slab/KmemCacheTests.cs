using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    [TestClass]
    public class KmemCacheTests
    {
        private const uint Start = 0x10000000;

        [TestMethod]
        public void Objects_are_apart_aligned_and_inside_their_slab()
        {
            KmemCache cache = New(Slabs(16), "node", 100, 16, null);
            Assert.AreEqual(112, cache.Stride);
            Assert.AreEqual(36, cache.ObjectsPerSlab);
            uint previous = cache.Alloc(GfpFlags.Kernel);
            Assert.AreEqual(Start, previous);
            for (int i = 1; i < 36; i++)
            {
                uint next = cache.Alloc(GfpFlags.Kernel);
                Assert.AreEqual(previous + 112, next);
                previous = next;
            }
            Assert.AreEqual(1, cache.SlabCount);
            cache.Alloc(GfpFlags.Kernel);
            Assert.AreEqual(2, cache.SlabCount);
            Assert.AreEqual(37, cache.LiveCount);
        }

        [TestMethod]
        public void The_first_object_behind_the_active_word_is_none_of_that_word()
        {
            KmemCache cache = New(Slabs(4), "small", 32, 32, null);
            uint[] objects = Take(cache, 128);
            cache.Free(objects[5]);
            cache.Free(objects[6]);
            Assert.AreEqual(objects[5], cache.Alloc(GfpFlags.Kernel), "the first word is in use again");
            cache.Free(objects[64]);
            Assert.AreEqual(objects[6], cache.Alloc(GfpFlags.Kernel));
            Assert.AreEqual(objects[64], cache.Alloc(GfpFlags.Kernel));
            Assert.AreEqual(128, cache.LiveCount);
        }

        [TestMethod]
        public void Object_freed_last_in_a_word_is_not_lost_whichever_word_it_is_in()
        {
            // 128 objects of 32 bytes need two words, and fill one page.
            KmemCache cache = New(Slabs(4), "small", 32, 32, null);
            uint[] objects = Take(cache, 128);
            cache.Free(objects[3]);
            cache.Free(objects[100]);
            uint a = cache.Alloc(GfpFlags.Kernel), b = cache.Alloc(GfpFlags.Kernel);
            Assert.IsTrue((a == objects[3] && b == objects[100]) || (a == objects[100] && b == objects[3]));
            Assert.AreEqual(1, cache.SlabCount);
        }

        [TestMethod]
        public void The_only_free_object_of_a_slab_is_found_in_its_second_word()
        {
            KmemCache cache = New(Slabs(4), "small", 32, 32, null);
            uint[] objects = Take(cache, 256);
            cache.Free(objects[100]);
            Assert.AreEqual(objects[100], cache.Alloc(GfpFlags.Kernel));
            Assert.AreEqual(2, cache.SlabCount);
        }

        [TestMethod]
        public void Partial_slabs_are_filled_before_a_new_one_is_taken()
        {
            KmemCache cache = New(Slabs(8), "page", 1024, 1024, null);
            uint[] objects = Take(cache, 16);
            for (int i = 0; i < 16; i += 4)
            {
                cache.Free(objects[i]);
            }
            for (int i = 0; i < 4; i++)
            {
                cache.Alloc(GfpFlags.Kernel);
            }
            Assert.AreEqual(4, cache.SlabCount);
            Assert.AreEqual(16, cache.LiveCount);
        }

        [TestMethod]
        public void Constructor_runs_once_an_object_and_slab_not_once_an_allocation()
        {
            var counter = new Counter();
            KmemCache cache = New(Slabs(4), "built", 512, 512, counter);
            for (int i = 0; i < 100; i++)
            {
                cache.Free(cache.Alloc(GfpFlags.Kernel));
            }
            Assert.AreEqual(8, counter.Calls, "one slab of eight objects");
            Assert.AreEqual(Start, counter.First);
            cache.Shrink();
            cache.Alloc(GfpFlags.Kernel);
            Assert.AreEqual(16, counter.Calls, "a slab that went back is constructed anew");
        }

        [TestMethod]
        public void Shrink_gives_back_what_is_empty_and_nothing_else()
        {
            SlabAllocator slabs = Slabs(16);
            string before = ProcText.BuddyInfo(slabs.Pages);
            KmemCache cache = New(slabs, "page", 1024, 1024, null);
            uint[] objects = Take(cache, 12);
            for (int i = 0; i < 8; i++)
            {
                cache.Free(objects[i]);
            }
            Assert.AreEqual(2, cache.Shrink());
            Assert.AreEqual(1, cache.SlabCount);
            Assert.AreEqual(0, cache.Shrink());
            for (int i = 8; i < 12; i++)
            {
                cache.Free(objects[i]);
            }
            Assert.AreEqual(1, cache.Shrink(), "the slab that was being allocated from");
            slabs.Pages.DrainAllPages();
            Assert.AreEqual(before, ProcText.BuddyInfo(slabs.Pages));
        }

        [TestMethod]
        public void Pressure_on_pages_shrinks_the_caches()
        {
            SlabAllocator slabs = Slabs(4);
            KmemCache cache = New(slabs, "page", 4096, 4096, null);
            uint[] objects = Take(cache, 4);
            for (int i = 0; i < 4; i++)
            {
                cache.Free(objects[i]);
            }
            Assert.AreEqual(0u, slabs.Pages.AllocPages(GfpFlags.NoRetry, 2, 0), "never for NoRetry");
            Assert.IsTrue(slabs.Pages.AllocPages(GfpFlags.Kernel, 2, 0) != 0);
            Assert.AreEqual(0, cache.SlabCount);
        }

        /// <summary>The last word of a slab has 63 objects, and behind them are a few bytes.</summary>
        [TestMethod]
        [DataRow(32768, 520)]
        [DataRow(65536, 1040)]
        public void What_lies_behind_the_last_object_of_a_slab_is_none(int pageSize, int size)
        {
            var zone = new Zone("NORMAL", ZoneKind.Normal, Start, PageMap.Create(PageMapKind.FreeBlocks, 4, 0));
            var slabs = new SlabAllocator(new PageAllocator(new[] { zone }, pageSize, null, null), null, 4, null, null);
            KmemCache cache = New(slabs, "node", size, 8, null);
            uint first = cache.Alloc(GfpFlags.Kernel), behind = first + 63 * (uint)cache.Stride;
            Assert.AreEqual(63, cache.ObjectsPerSlab);
            Assert.IsTrue(behind + 8 <= Start + (uint)pageSize);
            Assert.IsTrue(Thrown.By(() => cache.Free(behind)) is InvalidOperationException);
            Assert.AreEqual(1, cache.LiveCount);
        }

        /// <summary>64 objects of a slab are at hand at a time; whichever they are, they go back where they came from.</summary>
        [TestMethod]
        public void A_look_at_all_objects_between_puts_each_free_one_back_in_its_place()
        {
            var zone = new Zone("NORMAL", ZoneKind.Normal, Start, PageMap.Create(PageMapKind.FreeBlocks, 4, 0));
            var slabs = new SlabAllocator(new PageAllocator(new[] { zone }, 4096, null, null), null, 4, null, null);
            KmemCache cache = New(slabs, "node", 32, 8, null);
            var live = new uint[128];
            for (int i = 0; i < 100; i++)
            {
                live[i] = cache.Alloc(GfpFlags.Kernel);
            }
            for (int i = 10; i < 13; i++)
            {
                cache.Free(live[i]);
                live[i] = 0;
            }
            slabs.TrackOwners(new OwnerTable(256));
            slabs.TrackOwners(null);
            Assert.AreEqual(97, cache.LiveCount);
            for (int i = 0; i < 128; i++)
            {
                if (live[i] == 0)
                {
                    live[i] = cache.Alloc(GfpFlags.Kernel);
                }
                for (int j = 0; j < i; j++)
                {
                    Assert.AreNotEqual(live[j], live[i]);
                }
            }
            Assert.AreEqual(1, cache.SlabCount);
            Assert.AreEqual(128, cache.LiveCount);
        }

        /// <summary>A slab of order 5 with pages of 8 KB is larger than the largest object.</summary>
        [TestMethod]
        public void No_object_is_larger_than_128_KB()
        {
            var zone = new Zone("NORMAL", ZoneKind.Normal, Start, PageMap.Create(PageMapKind.FreeBlocks, 64, 0));
            var slabs = new SlabAllocator(new PageAllocator(new[] { zone }, 8192, null, null), null, 4, null, null);
            Assert.AreEqual(131072, KmallocCaches.MaxSizeIn(slabs));
            Thrown.As(typeof(ArgumentOutOfRangeException), () => New(slabs, "large", 131073, 8, null), new[] { "131073", "131072" });
            Assert.AreNotEqual(0u, New(slabs, "largest", 131072, 8, null).Alloc(GfpFlags.Kernel));
        }

        [TestMethod]
        public void Without_a_quarantine_nothing_lies_in_it()
        {
            KmemCache cache = New(Slabs(4), "plain", 64, 8, null);
            cache.Free(cache.Alloc(GfpFlags.Kernel));
            Assert.AreEqual(0, cache.QuarantinedObjects);
        }

        [TestMethod]
        [DataRow(100, 4)]
        [DataRow(4096, 4)]
        [DataRow(1600, 2)]
        [DataRow(12288, 1)]
        [DataRow(40000, 1)]
        public void Few_empty_slabs_are_kept(int size, int most)
        {
            SlabAllocator slabs = Slabs(256);
            KmemCache cache = New(slabs, "node", size, 8, null);
            Assert.AreEqual(most, cache.MaxEmptySlabCount);
            FillAndFree(cache, 8);
            Assert.AreEqual(most, cache.SlabCount - cache.ActiveSlabCount - 1, "beside the one that is allocated from");
            cache.MaxEmptySlabCount = 6;
            FillAndFree(cache, 8);
            Assert.AreEqual(7, cache.SlabCount);
            cache.MaxEmptySlabCount = 0;
            FillAndFree(cache, 8);
            Assert.AreEqual(1, cache.SlabCount);
            Thrown.As(typeof(ArgumentOutOfRangeException), () => cache.MaxEmptySlabCount = -1, new[] { "cache 'node'", "-1", "expected 0" });
            cache.Destroy();
            Assert.AreEqual(256, slabs.Pages.ZoneAt(0).FreePages);
        }

        /// <summary>A zone of 752 KB full of small objects that have all been freed: their pages come back without code of the
        /// application.</summary>
        [TestMethod]
        [DataRow(0)]
        [DataRow(1000)]
        public void Empty_slabs_are_there_for_Atomic_and_nobodys(int kept)
        {
            SlabAllocator slabs = Slabs(188, 200);
            var kmalloc = new KmallocCaches(slabs);
            uint address = kmalloc.Kmalloc(100, GfpFlags.Kernel);
            KmemCache cache = slabs.FindCache(address);
            kmalloc.Kfree(address);
            if (kept != 0)
            {
                cache.MaxEmptySlabCount = kept;
            }
            FillAndFree(cache, 188);
            int unused = kept == 0 ? 5 : 188;
            string size = (unused * 4).ToString() + " KB";
            Assert.AreEqual("reclaimable " + size, ProcText.TopOwners(slabs.Pages), "not kmalloc-128's");
            Assert.Contains("SReclaimable:   " + (unused * 4).ToString().PadLeft(8) + " kB\nSUnreclaim:            0 kB\n", SlabText.MemInfo(slabs));
            Assert.Contains("MemAvailable:        752 kB\n", SlabText.MemInfo(slabs));
            uint first = slabs.Pages.AllocPages(GfpFlags.Atomic, 0, 0);
            Assert.AreNotEqual(0u, first);
            Assert.AreNotEqual(0u, kmalloc.Kmalloc(5000, GfpFlags.Atomic));
            while (slabs.Pages.AllocPages(GfpFlags.Atomic, 0, 0) != 0)
            {
            }
            Assert.AreEqual(0, cache.SlabCount, "all of them");
            slabs.Pages.FreePages(first);
            Assert.AreNotEqual(0u, kmalloc.Kmalloc(100, GfpFlags.Atomic));
        }

        [TestMethod]
        public void Descriptors_of_empty_slabs_are_there_for_Atomic()
        {
            SlabAllocator slabs = Slabs(8, 2);
            KmemCache cache = New(slabs, "page", 4096, 4096, null);
            cache.MaxEmptySlabCount = 2;
            FillAndFree(cache, 2);
            KmemCache other = New(slabs, "other", 4096, 4096, null);
            Assert.AreEqual(0u, other.Alloc(GfpFlags.Atomic | GfpFlags.NoRetry));
            Assert.AreNotEqual(0u, other.Alloc(GfpFlags.Atomic));
        }

        /// <summary>Fills so many slabs with objects, and frees all of them.</summary>
        private static void FillAndFree(KmemCache cache, int slabs)
        {
            var objects = new uint[slabs * cache.ObjectsPerSlab];
            int count = 0;
            while (count < objects.Length && (objects[count] = cache.Alloc(GfpFlags.Kernel)) != 0)
            {
                count++;
            }
            for (int i = 0; i < count; i++)
            {
                cache.Free(objects[i]);
            }
        }

        [TestMethod]
        public void Exhaustion_returns_0_and_recovers()
        {
            KmemCache cache = New(Slabs(1), "page", 2048, 2048, null);
            uint a = cache.Alloc(GfpFlags.Kernel);
            cache.Alloc(GfpFlags.Kernel);
            Assert.AreEqual(0u, cache.Alloc(GfpFlags.Kernel));
            cache.Free(a);
            Assert.AreEqual(a, cache.Alloc(GfpFlags.Kernel));
        }

        [TestMethod]
        public void Exhausted_descriptors_take_no_page()
        {
            PageAllocator pages = Pages(8);
            KmemCache cache = New(new SlabAllocator(pages, null, 1, null, null), "page", 4096, 4096, null);
            Assert.IsTrue(cache.Alloc(GfpFlags.Kernel) != 0);
            Assert.AreEqual(0u, cache.Alloc(GfpFlags.Kernel));
            Assert.AreEqual(7, pages.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void Large_objects_have_slabs_of_up_to_32_pages()
        {
            KmemCache cache = New(Slabs(64), "large", 131072, 4096, null);
            Assert.AreEqual(32, cache.PagesPerSlab);
            Assert.AreEqual(1, cache.ObjectsPerSlab);
            uint address = cache.Alloc(GfpFlags.Kernel);
            cache.Free(address);
            Assert.AreEqual(32, cache.Shrink());
        }

        [TestMethod]
        public void Odd_sizes_waste_at_most_an_eighth_of_a_slab()
        {
            KmemCache cache = New(Slabs(64), "odd", 3000, 8, null);
            int slab = cache.PagesPerSlab * 4096;
            Assert.IsTrue((slab - cache.ObjectsPerSlab * cache.Stride) * 8 <= slab);
        }

        [TestMethod]
        public void Zero_clears_the_object_and_no_byte_more()
        {
            var memory = new ManagedMemory(Start, 65536);
            memory.Fill(Start, 65536, 0xAA);
            var slabs = new SlabAllocator(Pages(16), memory, 16, null, null);
            KmemCache cache = New(slabs, "zeroed", 100, 8, null);
            uint address = cache.Alloc(GfpFlags.Zero);
            var bytes = new byte[104];
            memory.Read(address, bytes, 0, 104);
            Assert.AreEqual((byte)0, bytes[0]);
            Assert.AreEqual((byte)0, bytes[99]);
            Assert.AreEqual((byte)0xAA, bytes[100]);
        }

        [TestMethod]
        public void Destroy_refuses_while_objects_live_and_says_how_many()
        {
            SlabAllocator slabs = Slabs(4);
            KmemCache cache = New(slabs, "busy", 64, 64, null);
            uint address = cache.Alloc(GfpFlags.Kernel);
            cache.Alloc(GfpFlags.Kernel);
            Exception e = Thrown.By(() => cache.Destroy());
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("'busy'", e.Message);
            Assert.Contains("2 objects", e.Message);
            cache.Free(address);
            cache.Free(address + 64);
            cache.Destroy();
            Assert.AreEqual(4, slabs.Pages.ZoneAt(0).FreePages);
            Assert.AreEqual(0, slabs.CacheCount);
            Assert.IsTrue(Thrown.By(() => cache.Alloc(GfpFlags.Kernel)) is InvalidOperationException);
            Assert.IsTrue(Thrown.By(() => cache.Destroy()) is InvalidOperationException);
        }

        [TestMethod]
        public void Destroyed_cache_leaves_the_others_their_slabs()
        {
            SlabAllocator slabs = Slabs(8);
            KmemCache first = New(slabs, "first", 64, 64, null), second = New(slabs, "second", 64, 64, null);
            uint address = second.Alloc(GfpFlags.Kernel);
            first.Destroy();
            Assert.AreSame(second, slabs.FindCache(address));
            second.Free(address);
            Assert.AreEqual(0, second.LiveCount);
        }

        [TestMethod]
        public void Misuse_names_address_cache_and_what_lies_there()
        {
            SlabAllocator slabs = Slabs(16);
            KmemCache cache = New(slabs, "node", 100, 16, null), other = New(slabs, "other", 64, 64, null);
            uint address = cache.Alloc(GfpFlags.Kernel), foreign = other.Alloc(GfpFlags.Kernel);
            Refused(slabs, cache, address + 4, "0x10000004", "node", "4 bytes inside the object at 0x10000000");
            Refused(slabs, cache, foreign, "node", "slab of cache 'other'");
            Refused(slabs, cache, address + 112, "0x10000070", "free already");
            Refused(slabs, cache, address + 36 * 112, "behind the slab's last object");
            Refused(slabs, cache, Start + 0xF000, "0x1000f000", "no slab");
            Refused(slabs, cache, 0x20000000, "0x20000000", "no slab");
            Refused(slabs, cache, 0, "0x00000000", "no slab");
            cache.Free(address);
            Refused(slabs, cache, address, "0x10000000", "free already");
        }

        [TestMethod]
        public void Double_free_in_a_word_that_is_not_the_active_one_is_refused()
        {
            SlabAllocator slabs = Slabs(4);
            KmemCache cache = New(slabs, "small", 32, 32, null);
            uint[] objects = Take(cache, 128);
            cache.Free(objects[5]);
            Refused(slabs, cache, objects[5], "free already");
        }

        [TestMethod]
        [DataRow(0, 8)]
        [DataRow(-1, 8)]
        [DataRow(131073, 8)]
        [DataRow(int.MaxValue, 8)]
        [DataRow(64, 0)]
        [DataRow(64, 4)]
        [DataRow(64, 24)]
        [DataRow(64, 8192)]
        public void Sizes_and_alignments_that_are_none_are_refused(int size, int alignment)
        {
            SlabAllocator slabs = Slabs(4);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => New(slabs, "none", size, alignment, null));
            Assert.AreEqual(0, slabs.CacheCount);
        }

        [TestMethod]
        public void Names_are_unique_and_one_slab_allocator_serves_a_page_allocator()
        {
            SlabAllocator slabs = Slabs(4);
            New(slabs, "twice", 64, 8, null);
            Assert.IsTrue(Thrown.By(() => New(slabs, "twice", 64, 8, null)) is InvalidOperationException);
            Assert.IsTrue(Thrown.By(() => new SlabAllocator(slabs.Pages, null, 4, null, null)) is InvalidOperationException);
        }

        [TestMethod]
        public void SlabInfo_has_the_kernels_columns()
        {
            SlabAllocator slabs = Slabs(4);
            KmemCache cache = New(slabs, "node", 100, 16, null);
            cache.Alloc(GfpFlags.Kernel);
            string text = SlabText.SlabInfo(slabs);
            Assert.StartsWith("slabinfo - version: 2.1\n# name ", text);
            Assert.Contains("\nnode                   1     36    112   36    1 : tunables    0    0    0 : slabdata      1      1      0\n", text);
        }

        internal static SlabAllocator Slabs(int pages)
        {
            return Slabs(pages, 64);
        }

        private static SlabAllocator Slabs(int pages, int slabs)
        {
            return new SlabAllocator(Pages(pages), null, slabs, null, null);
        }

        internal static PageAllocator Pages(int pages)
        {
            return new PageAllocator(new[] { new Zone("NORMAL", ZoneKind.Normal, Start, PageMap.Create(PageMapKind.FreeBlocks, pages, 4)) }, 4096, null, null);
        }

        private static KmemCache New(SlabAllocator slabs, string name, int size, int alignment, ObjectConstructor constructor)
        {
            return new KmemCache(slabs, name, size, alignment, GfpFlags.Kernel, constructor);
        }

        private static uint[] Take(KmemCache cache, int count)
        {
            var objects = new uint[count];
            for (int i = 0; i < count; i++)
            {
                objects[i] = cache.Alloc(GfpFlags.Kernel);
            }
            return objects;
        }

        private static void Refused(SlabAllocator slabs, KmemCache cache, uint address, params string[] words)
        {
            string before = SlabText.SlabInfo(slabs) + ProcText.BuddyInfo(slabs.Pages);
            Exception e = Thrown.By(() => cache.Free(address));
            Assert.IsTrue(e is InvalidOperationException);
            for (int i = 0; i < words.Length; i++)
            {
                Assert.Contains(words[i], e.Message);
            }
            Assert.AreEqual(before, SlabText.SlabInfo(slabs) + ProcText.BuddyInfo(slabs.Pages));
        }

        private sealed class Counter : ObjectConstructor
        {
            internal int Calls { get; private set; }

            internal uint First { get; private set; }

            public override void Construct(uint address)
            {
                First = Calls == 0 ? address : First;
                Calls++;
            }
        }
    }
}
