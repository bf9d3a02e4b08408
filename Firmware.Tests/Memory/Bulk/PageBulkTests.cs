using System;
using Carveout.Board;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Many pages in one call: how many there are, refusals that change nothing, and callbacks that throw.</summary>
    [TestClass]
    public class PageBulkTests
    {
        private const int PageSize = 1024;
        private const uint Start = 0x20000000;

        private static PageAllocator s_pages;
        private static PageOwner s_owner;
        private static uint[] s_addresses;

        [TestMethod]
        public void Takes_and_frees_what_was_asked_for()
        {
            Boot(null);
            Assert.AreEqual(5, s_pages.AllocPagesBulk(GfpFlags.Kernel, s_addresses, 2, 5, s_owner));
            Assert.AreEqual(5, s_pages.OwnerPages(s_owner));
            for (int i = 0; i < s_addresses.Length; i++)
            {
                Assert.AreEqual(i >= 2 && i < 7, s_addresses[i] != 0);
            }
            Assert.AreEqual(5L, s_pages.ZoneAt(0).PagesAllocated);
            // Each is a block of its own.
            s_pages.FreePages(s_addresses[2], 0);
            s_pages.FreePagesBulk(s_addresses, 3, 4, s_owner);
            Assert.AreEqual(0, s_pages.OwnerPages(s_owner));
            Assert.AreEqual(16, s_pages.ZoneAt(0).FreePages);
            Assert.AreEqual(5L, s_pages.ZoneAt(0).PagesFreed);
            Assert.AreEqual(0u, s_addresses[3]);
        }

        [TestMethod]
        public void Takes_what_there_is_and_counts_one_failure()
        {
            Boot(null);
            Assert.AreEqual(16, s_pages.AllocPagesBulk(GfpFlags.Kernel, s_addresses, 0, 20, s_owner));
            Assert.AreEqual(1L, s_pages.FailureCount);
            Assert.AreEqual(1, s_pages.LastFailure.Pages);
            Assert.AreEqual(0, s_pages.AllocPagesBulk(GfpFlags.NoWarn, s_addresses, 16, 1, s_owner));
            Assert.AreEqual(2L, s_pages.FailureCount);
            Assert.AreEqual(0, s_pages.AllocPagesBulk(GfpFlags.Kernel, s_addresses, 0, 0, s_owner), "nothing is wanted");
            Assert.AreEqual(2L, s_pages.FailureCount);
            s_pages.FreePagesBulk(s_addresses, 0, 16, s_owner);
            s_pages.FreePagesBulk(s_addresses, 20, 0, s_owner);
            Assert.AreEqual(16, s_pages.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void Leaves_what_the_watermarks_keep()
        {
            Boot(null);
            s_pages.SetWatermarks(4, 0);
            Assert.AreEqual(12, s_pages.AllocPagesBulk(GfpFlags.Kernel, s_addresses, 0, 20, s_owner));
            Assert.AreEqual(2, s_pages.AllocPagesBulk(GfpFlags.Atomic, s_addresses, 12, 8, s_owner));
        }

        [TestMethod]
        public void Refuses_a_page_twice()
        {
            Boot(null);
            s_pages.AllocPagesBulk(GfpFlags.Kernel, s_addresses, 0, 6, s_owner);
            uint last = s_addresses[5];
            s_addresses[5] = s_addresses[1];
            Refuses(6, new[] { "double free", "place 1 and at place 5", "'reader'" });
            s_addresses[5] = last;
            s_pages.FreePagesBulk(s_addresses, 0, 6, s_owner);
        }

        [TestMethod]
        public void Refuses_a_page_twice_where_unknown_is_the_only_owner()
        {
            s_pages = new PageAllocator(new[] { new Zone("NORMAL", ZoneKind.Normal, Start, PageMap.Create(PageMapKind.FreeBlocks, 16)) }, PageSize, null, null);
            s_owner = PageOwner.Unknown;
            s_addresses = new uint[20];
            s_pages.AllocPagesBulk(GfpFlags.Kernel, s_addresses, 0, 4, s_owner);
            s_addresses[3] = s_addresses[0];
            Refuses(4, new[] { "double free", "place 0 and at place 3" });
        }

        [TestMethod]
        public void Refuses_what_is_no_page_of_the_owners()
        {
            Boot(null);
            s_pages.AllocPagesBulk(GfpFlags.Kernel, s_addresses, 0, 4, s_owner);
            uint own = s_addresses[3];
            uint alien = s_pages.AllocPages(GfpFlags.Kernel, 0, s_pages.RegisterOwner("writer")), pair = s_pages.AllocPages(GfpFlags.Kernel, 1, s_owner);
            s_addresses[3] = alien;
            Refuses(4, new[] { "wrong owner", "'writer'", "place 3", "'reader'" });
            s_addresses[3] = pair;
            Refuses(4, new[] { "wrong size", "'reader'" });
            s_addresses[3] = own + 4;
            Refuses(4, new[] { "interior free" });
            s_addresses[3] = 0;
            Refuses(4, new[] { "wild free" });
            s_pages.FreePages(own);
            s_addresses[3] = own;
            Refuses(4, new[] { "double free", "'reader'" });
        }

        [TestMethod]
        public void Refuses_places_and_owners_that_there_are_not()
        {
            Boot(null);
            Thrown.As(typeof(ArgumentNullException), () => s_pages.AllocPagesBulk(GfpFlags.Kernel, null, 0, 1, s_owner), new[] { "addresses" });
            Thrown.As(typeof(ArgumentNullException), () => s_pages.FreePagesBulk(null, 0, 1, s_owner), new[] { "addresses" });
            Thrown.As(typeof(ArgumentOutOfRangeException), () => s_pages.AllocPagesBulk(GfpFlags.Kernel, s_addresses, 15, 6, s_owner),
                new[] { "6 pages from place 15", "array of 20", "count" });
            Thrown.As(typeof(ArgumentOutOfRangeException), () => s_pages.AllocPagesBulk(GfpFlags.Kernel, s_addresses, 0, -1, s_owner), new[] { "-1 pages" });
            Thrown.As(typeof(ArgumentOutOfRangeException), () => s_pages.FreePagesBulk(s_addresses, -1, 1, s_owner), new[] { "place -1", "index" });
            Thrown.As(typeof(ArgumentOutOfRangeException), () => s_pages.FreePagesBulk(s_addresses, 1, int.MaxValue, s_owner), new[] { "array of 20" });
            Thrown.As(typeof(ArgumentOutOfRangeException), () => s_pages.AllocPagesBulk(GfpFlags.Kernel, s_addresses, 0, 1, (PageOwner)9),
                new[] { "owner number 9" });
            Thrown.As(typeof(ArgumentOutOfRangeException), () => s_pages.FreePagesBulk(s_addresses, 0, 1, (PageOwner)9), new[] { "owner number 9" });
            Assert.AreEqual(16, s_pages.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void Zero_needs_memory_and_takes_nothing_without_it()
        {
            Boot(null);
            Thrown.As(typeof(InvalidOperationException), () => s_pages.AllocPagesBulk(GfpFlags.Zero, s_addresses, 0, 8, s_owner), new[] { "GfpFlags.Zero" });
            Assert.AreEqual(16, s_pages.ZoneAt(0).FreePages);
            Assert.AreEqual(0, s_pages.OwnerPages(s_owner));
        }

        [TestMethod]
        public void Zeroes_every_page()
        {
            var memory = new ManagedMemory(Start, 16 * PageSize);
            memory.Fill(Start, 16 * PageSize, 0xEE);
            Boot(memory);
            Assert.AreEqual(16, s_pages.AllocPagesBulk(GfpFlags.Zero, s_addresses, 0, 16, s_owner));
            var bytes = new byte[16 * PageSize];
            memory.Read(Start, bytes, 0, bytes.Length);
            for (int i = 0; i < bytes.Length; i++)
            {
                Assert.AreEqual(0, (int)bytes[i]);
            }
        }

        private static void Refuses(int count, string[] words)
        {
            int free = s_pages.ZoneAt(0).FreePages, owned = s_pages.OwnerPages(s_owner);
            var before = new uint[s_addresses.Length];
            Array.Copy(s_addresses, 0, before, 0, before.Length);
            Thrown.As(typeof(InvalidOperationException), () => s_pages.FreePagesBulk(s_addresses, 0, count, s_owner), words);
            Assert.AreEqual(free, s_pages.ZoneAt(0).FreePages);
            Assert.AreEqual(owned, s_pages.OwnerPages(s_owner));
            for (int i = 0; i < before.Length; i++)
            {
                Assert.AreEqual(before[i], s_addresses[i]);
            }
            for (int i = 0; i < count - 1; i++)
            {
                Assert.AreEqual((int)s_owner, (int)s_pages.OwnerAt(s_addresses[i]));
            }
        }

        private static void Boot(PhysicalMemory memory)
        {
            s_pages = new PageAllocator(new[] { new Zone("NORMAL", ZoneKind.Normal, Start, PageMap.Create(PageMapKind.FreeBlocks, 16)) }, PageSize, memory, null);
            s_owner = s_pages.RegisterOwner("reader");
            s_addresses = new uint[20];
        }
    }
}
