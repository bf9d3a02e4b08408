using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Allocating and freeing: where areas lie, and what happens when something runs out.</summary>
    [TestClass]
    public class VmallocTests
    {
        private const int PageSize = 4096;
        private const uint ZoneStart = 0xC0000000, Start = 0xE0000000;

        private static VmallocTestMemory s_memory;
        private static PageAllocator s_allocator;
        private static Vmalloc s_space;
        private static PageOwner s_camera, s_display;

        [TestMethod]
        public void Areas_are_found_first_fit_with_a_guard_page_between()
        {
            Boot(64, 64, 8);
            uint a = s_space.Alloc(2 * PageSize, GfpFlags.Kernel, s_camera);
            uint b = s_space.Alloc(1, GfpFlags.Kernel, s_display);
            uint c = s_space.Alloc(2 * PageSize + 1, GfpFlags.Kernel, s_camera);
            Assert.AreEqual(Start, a);
            Assert.AreEqual(Start + 0x3000u, b);
            Assert.AreEqual(Start + 0x5000u, c);
            Assert.AreEqual(3, s_space.AreaCount);
            Assert.AreEqual(58, s_allocator.ZoneAt(0).FreePages, "guard pages cost no memory");
            Assert.AreEqual(5, s_allocator.OwnerPages(s_camera));
            Assert.AreEqual(2 * PageSize + 1, s_space.AreaSizeAt(2));
            Assert.AreEqual(3, s_space.AreaPagesAt(2));
            Assert.AreEqual(c, s_space.AreaStartAt(2));
            Assert.AreEqual((int)s_display, (int)s_space.AreaOwnerAt(1));
            s_space.Free(b);
            Assert.AreEqual(c, s_space.AreaStartAt(1), "the table closes up");
            Assert.AreEqual(Start + 0x9000u, s_space.Alloc(2 * PageSize, GfpFlags.Kernel, s_camera), "two and a guard do not fit between");
            Assert.AreEqual(b, s_space.Alloc(PageSize, GfpFlags.Kernel, s_display));
        }

        [TestMethod]
        public void Freeing_merges_virtual_space()
        {
            Boot(64, 16, 8);
            uint a = s_space.Alloc(3 * PageSize, GfpFlags.Kernel, s_camera);
            uint b = s_space.Alloc(3 * PageSize, GfpFlags.Kernel, s_camera);
            uint c = s_space.Alloc(3 * PageSize, GfpFlags.Kernel, s_camera);
            uint d = s_space.Alloc(3 * PageSize, GfpFlags.Kernel, s_camera);
            Assert.AreEqual(0, s_space.LargestFreePages);
            s_space.Free(a);
            s_space.Free(c);
            Assert.AreEqual(3, s_space.LargestFreePages);
            Assert.AreEqual(0u, s_space.Alloc(4 * PageSize, GfpFlags.Kernel, s_camera));
            s_space.Free(b);
            Assert.AreEqual(11, s_space.LargestFreePages);
            Assert.AreEqual(Start, s_space.Alloc(11 * PageSize, GfpFlags.Kernel, s_camera));
            s_space.Free(Start);
            s_space.Free(d);
            Assert.AreEqual(15, s_space.LargestFreePages);
            Assert.AreEqual(Start, s_space.Alloc(15 * PageSize, GfpFlags.Kernel, s_camera), "all but the last guard");
            s_space.Free(Start);
            Assert.AreEqual(64, s_allocator.ZoneAt(0).FreePages);
            Assert.AreEqual(0, s_allocator.OwnerPages(s_camera));
        }

        [TestMethod]
        public void One_megabyte_where_no_block_is_larger_than_64_KB()
        {
            Boot(512, 260, 8);
            Fragment(512, 16);
            Zone zone = s_allocator.ZoneAt(0);
            Assert.AreEqual(16, zone.LargestFreePages);
            Assert.AreEqual(256, zone.FreePages);
            string before = Drained();
            uint address = s_space.Alloc(0x100000, GfpFlags.Kernel, s_camera);
            Assert.AreEqual(Start, address);
            Assert.AreEqual(0, zone.FreePages);

            // No page size is a multiple of these lengths, so that every kind of crossing occurs.
            var chunk = new byte[10007];
            for (int at = 0; at < 0x100000; at += chunk.Length)
            {
                int length = 0x100000 - at < chunk.Length ? 0x100000 - at : chunk.Length;
                for (int i = 0; i < length; i++)
                {
                    chunk[i] = Pattern(at + i);
                }
                s_space.Write(address + (uint)at, chunk, 0, length);
            }
            var page = new byte[PageSize];
            for (int at = 0; at < 0x100000; at += PageSize)
            {
                s_space.Read(address + (uint)at, page, 0, PageSize);
                for (int i = 0; i < PageSize; i++)
                {
                    if (page[i] != Pattern(at + i))
                    {
                        Assert.AreEqual(Pattern(at + i), page[i], "at " + (at + i).ToString());
                    }
                }
            }

            CoveredExactly(address, 0x100000);
            s_space.Free(address);
            Assert.AreEqual(before, Drained());
        }

        [TestMethod]
        public void Zero_fills_with_zeroes_although_the_page_allocator_has_no_memory()
        {
            Boot(16, 16, 2);
            s_memory.Fill(ZoneStart, 16 * PageSize, 0xAA);
            uint plain = s_space.Alloc(PageSize, GfpFlags.Kernel, s_camera);
            uint zeroed = s_space.Alloc(2 * PageSize, GfpFlags.Zero, s_camera);
            var bytes = new byte[2 * PageSize];
            s_space.Read(plain, bytes, 0, PageSize);
            Assert.AreEqual((byte)0xAA, bytes[0]);
            Assert.AreEqual((byte)0xAA, bytes[PageSize - 1]);
            s_space.Read(zeroed, bytes, 0, 2 * PageSize);
            for (int i = 0; i < bytes.Length; i++)
            {
                if (bytes[i] != 0)
                {
                    Assert.AreEqual((byte)0, bytes[i], "at " + i.ToString());
                }
            }
        }

        [TestMethod]
        public void Pages_come_from_the_zones_that_the_flags_allow()
        {
            var zones = new[]
            {
                new Zone("DMA", ZoneKind.Dma, 0x80000000, PageMap.Create(PageMapKind.FreeBlocks, 4, 0)),
                new Zone("NORMAL", ZoneKind.Normal, ZoneStart, PageMap.Create(PageMapKind.FreeBlocks, 4, 0)),
            };
            var allocator = new PageAllocator(zones, PageSize, null, null);
            var space = new Vmalloc(allocator, new VmallocTestMemory(ZoneStart, 4 * PageSize), Start, 16, 4, 2);
            Assert.AreEqual(0x80000000u, space.Translate(space.Alloc(PageSize, GfpFlags.Dma, 0)));
            Assert.AreEqual(ZoneStart, space.Translate(space.Alloc(PageSize, GfpFlags.NoFallback, 0)));
            Assert.AreEqual(0u, space.Alloc(4 * PageSize, GfpFlags.NoFallback, 0), "NORMAL alone has three pages left");
            uint spread = space.Alloc(4 * PageSize, GfpFlags.Kernel, 0);
            Assert.AreEqual(0x80001000u, space.Translate(spread + 3 * PageSize), "the fourth page falls back to DMA");
        }

        [TestMethod]
        public void Exhaustion_in_the_middle_gives_everything_back()
        {
            Boot(16, 64, 8);
            uint held = s_space.Alloc(3 * PageSize, GfpFlags.Kernel, s_display);
            string before = Drained();
            Assert.AreEqual(0u, s_space.Alloc(14 * PageSize, GfpFlags.Kernel, s_camera), "one page more than there are");
            Assert.AreEqual(before, Drained());
            Assert.AreEqual(0, s_allocator.OwnerPages(s_camera));
            Assert.AreEqual(1, s_space.AreaCount);
            Assert.AreEqual(1, s_space.FailureCount);
            Assert.AreEqual(1, s_allocator.FailureCount);
            Assert.IsTrue(Thrown.By(() => s_space.Translate(Start + 0x4000)) is ArgumentOutOfRangeException, "nothing stays mapped");
            Assert.AreEqual(Start + 0x4000u, s_space.Alloc(13 * PageSize, GfpFlags.Kernel, s_camera), "what there is still fits there");
            s_space.Free(held);
        }

        [TestMethod]
        public void A_full_virtual_range_and_a_full_table_are_failures_that_take_nothing()
        {
            Boot(64, 8, 2);
            string before = Drained();
            Assert.AreEqual(7, s_space.LargestFreePages);
            s_space.Alloc(3 * PageSize, GfpFlags.Kernel, s_camera);
            Assert.AreEqual(0u, s_space.Alloc(4 * PageSize, GfpFlags.Kernel, s_camera), "three pages and a guard are left");
            Assert.AreEqual(3, s_space.LargestFreePages);
            s_space.Alloc(PageSize, GfpFlags.Kernel, s_camera);
            Assert.AreEqual(0u, s_space.Alloc(PageSize, GfpFlags.Kernel, s_camera), "two areas are all that the table holds");
            Assert.AreEqual(0, s_space.LargestFreePages);
            Assert.AreEqual(2, s_space.FailureCount);
            Assert.AreEqual(60, s_allocator.ZoneAt(0).FreePages);
            s_space.Free(Start);
            s_space.Free(Start + 0x4000);
            Assert.AreEqual(before, Drained());
        }

        [TestMethod]
        public void A_shrinker_may_free_areas_while_one_is_being_made()
        {
            Boot(16, 64, 8);
            uint low = s_space.Alloc(4 * PageSize, GfpFlags.Kernel, s_display);
            uint cache = s_space.Alloc(4 * PageSize, GfpFlags.Kernel, s_display);
            s_space.Free(low);
            s_allocator.RegisterShrinker(new AreaShrinker(cache));
            uint address = s_space.Alloc(16 * PageSize, GfpFlags.Kernel, s_camera);
            Assert.AreEqual(Start + 0xA000u, address, "behind the cache, which went afterwards");
            Assert.AreEqual(1, s_space.AreaCount);
            Assert.AreEqual(16, s_allocator.OwnerPages(s_camera));
            s_space.Fill(address, 16 * PageSize, 1);
            s_space.Free(address);
            Assert.AreEqual(16, s_allocator.ZoneAt(0).FreePages);
            Assert.AreEqual(0, s_space.AreaCount);
        }

        [TestMethod]
        public void A_shrinker_that_frees_too_little_leaves_the_table_in_order()
        {
            Boot(16, 64, 8);
            uint cache = s_space.Alloc(PageSize, GfpFlags.Kernel, s_display);
            s_allocator.RegisterShrinker(new AreaShrinker(cache));
            Assert.AreEqual(0u, s_space.Alloc(17 * PageSize, GfpFlags.Kernel, s_camera));
            Assert.AreEqual(0, s_space.AreaCount);
            Assert.AreEqual(16, s_allocator.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void VmallocInfo_has_the_kernels_columns()
        {
            Boot(64, 64, 8);
            Assert.AreEqual("", VmallocText.VmallocInfo(s_space));
            s_space.Alloc(2 * PageSize, GfpFlags.Kernel, s_camera);
            s_space.Alloc(1, GfpFlags.Kernel, s_display);
            s_space.Alloc(16 * PageSize, GfpFlags.Kernel, PageOwner.Unknown);
            Assert.AreEqual(
                "0xe0000000-0xe0003000   12288 camera pages=2 vmalloc\n"
                + "0xe0003000-0xe0005000    8192 display pages=1 vmalloc\n"
                + "0xe0005000-0xe0016000   69632 unknown pages=16 vmalloc\n",
                VmallocText.VmallocInfo(s_space));
            s_space.Free(Start + 0x3000);
            Assert.AreEqual(
                "0xe0000000-0xe0003000   12288 camera pages=2 vmalloc\n"
                + "0xe0005000-0xe0016000   69632 unknown pages=16 vmalloc\n",
                VmallocText.VmallocInfo(s_space));
        }

        [TestMethod]
        [DataRow(1)]
        [DataRow(1024)]
        public void The_TLB_has_up_to_1024_entries(int entries)
        {
            Boot(16, 16, 2);
            var space = new Vmalloc(s_allocator, s_memory, 0xF0000000, 8, 2, entries);
            uint address = space.Alloc(PageSize, GfpFlags.Kernel, s_camera);
            space.Translate(address);
            space.Translate(address);
            Assert.AreEqual(1L, space.TlbHits);
        }

        [TestMethod]
        public void The_range_may_end_at_the_last_address()
        {
            Boot(16, 16, 2);
            var space = new Vmalloc(s_allocator, s_memory, 0xFFFF8000, 8, 2, 2);
            uint address = space.Alloc(7 * PageSize, GfpFlags.Kernel, s_camera);
            Assert.AreEqual(0xFFFF8000u, address);
            space.Fill(address, 7 * PageSize, 0x55);
            var last = new byte[1];
            space.Read(0xFFFFEFFF, last, 0, 1);
            Assert.AreEqual((byte)0x55, last[0]);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => space.Read(0xFFFFF000, last, 0, 1));
            Assert.AreEqual("0xffff8000-0x00000000   32768 camera pages=7 vmalloc\n", VmallocText.VmallocInfo(space), "the end as 32 bits have it");
            space.Free(address);
            Assert.AreEqual(7, space.LargestFreePages);
        }

        [TestMethod]
        public void A_report_says_what_addresses_were_short()
        {
            Boot(16, 16, 2);
            uint first = s_space.Alloc(6 * PageSize, GfpFlags.Kernel, s_camera);
            Assert.AreEqual(0u, s_space.Alloc(9 * PageSize, GfpFlags.Kernel, s_display));
            Assert.AreEqual("vmalloc failure: 36864 bytes, owner 'display': wanted 10 virtual pages in a row, the guard page among them; the longest free "
                + "run has 9 of 16\n", FailureReport.ToText(s_allocator));
            s_space.Alloc(PageSize, GfpFlags.Kernel, s_camera);
            Assert.AreEqual(0u, s_space.Alloc(PageSize, GfpFlags.Kernel, s_display));
            Assert.AreEqual("vmalloc failure: 4096 bytes, owner 'display': all 2 areas are in use\n", FailureReport.ToText(s_allocator));
            s_space.Free(first);
            Assert.AreEqual(0u, s_allocator.AllocPages(GfpFlags.Kernel, 4, s_camera));
            Assert.StartsWith("page allocation failure: ", FailureReport.ToText(s_allocator));
        }

        [TestMethod]
        public void It_says_where_it_is()
        {
            Boot(16, 32, 4);
            Assert.AreEqual(Start, s_space.Start);
            Assert.AreEqual(32, s_space.PageCount);
        }

        private static void Boot(int pages, int virtualPages, int areas)
        {
            s_memory = new VmallocTestMemory(ZoneStart, pages * PageSize);
            var zones = new[] { new Zone("NORMAL", ZoneKind.Normal, ZoneStart, PageMap.Create(PageMapKind.FreeBlocks, pages)) };
            s_allocator = new PageAllocator(zones, PageSize, null, null);
            s_camera = s_allocator.RegisterOwner("camera");
            s_display = s_allocator.RegisterOwner("display");
            s_space = new Vmalloc(s_allocator, s_memory, Start, virtualPages, areas, 8);
        }

        /// <summary>Allocates all pages one by one, and frees every second run of <paramref name="run"/> pages.</summary>
        private static void Fragment(int pages, int run)
        {
            while (s_allocator.AllocPages(GfpFlags.NoWarn, 0, s_display) != 0)
            {
            }
            for (int page = 0; page < pages; page++)
            {
                if ((page / run & 1) == 0)
                {
                    s_allocator.FreePages(ZoneStart + (uint)page * PageSize, 0);
                }
            }
            s_allocator.DrainAllPages();
        }

        /// <summary>Checks the descriptors of an area: every byte once, in the order of the virtual addresses, and no other byte.</summary>
        private static void CoveredExactly(uint address, int length)
        {
            var list = new ScatterList(16);
            Assert.IsTrue(list.Build(s_space, address, length));
            Assert.AreEqual(16, list.Count, "sixteen runs of 64 KB");
            Assert.AreEqual((long)length, list.TotalLength);
            var chain = new DescriptorChain(16 * 17, DescriptorChain.Esp32MaxLength, DescriptorChain.Esp32Alignment);
            Assert.IsTrue(chain.Build(list));
            Assert.AreEqual(16 * 17, chain.Count, "65,536 bytes are sixteen of 4092 and one of 64");
            Assert.AreEqual((long)length, chain.TotalLength);
            uint next = address;
            for (int i = 0; i < chain.Count; i++)
            {
                Assert.IsTrue(chain.LengthAt(i) >= 1 && chain.LengthAt(i) <= 4092 && chain.LengthAt(i) % 4 == 0);
                Assert.AreEqual(s_space.Translate(next), chain.AddressAt(i));
                Assert.AreEqual(s_space.Translate(next + (uint)chain.LengthAt(i) - 1), chain.AddressAt(i) + (uint)chain.LengthAt(i) - 1);
                next += (uint)chain.LengthAt(i);
            }
            Assert.AreEqual(address + (uint)length, next);
        }

        private static string Drained()
        {
            s_allocator.DrainAllPages();
            return ProcText.BuddyInfo(s_allocator);
        }

        /// <summary>A byte that differs in the next page, and after as many pages as a page has bytes.</summary>
        private static byte Pattern(int at)
        {
            return (byte)(at * 7 + (at >> 12) * 31 + (at >> 16));
        }

        /// <summary>A cache of one area.</summary>
        private sealed class AreaShrinker : Shrinker
        {
            private uint _area;

            internal AreaShrinker(uint area)
            {
                _area = area;
            }

            public override string Name { get { return "area"; } }

            public override int Shrink(int pages)
            {
                if (_area == 0)
                {
                    return 0;
                }
                int before = s_allocator.ZoneAt(0).FreePages;
                s_space.Free(_area);
                _area = 0;
                return s_allocator.ZoneAt(0).FreePages - before;
            }
        }
    }
}
