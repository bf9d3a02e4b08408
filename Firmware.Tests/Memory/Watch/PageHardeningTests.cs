using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    [TestClass]
    public class PageHardeningTests
    {
        private const int PageSize = 4096;
        private const uint Start = 0x10000000;

        [TestMethod]
        public void A_write_to_a_freed_page_is_found_when_it_is_handed_out()
        {
            PageAllocator allocator = Hardened(16, true, true, 0, out ManagedMemory memory);
            PageOwner camera = allocator.RegisterOwner("camera"), display = allocator.RegisterOwner("display");
            uint address = allocator.AllocPages(GfpFlags.Dma, 1, camera);
            allocator.FreePages(address);
            Write(memory, address + PageSize + 100, 0xDE, 0xAD);
            FindingLog log = allocator.GetPageHardening().Log;
            Assert.AreEqual(0, log.Total);
            Assert.AreEqual(address, allocator.AllocPages(GfpFlags.Dma, 2, display));
            Assert.AreEqual(1, log.Total);
            Assert.IsTrue(log.KindAt(0) == FindingKind.PoisonOverwritten);
            Assert.AreEqual(address + PageSize, log.AddressAt(0));
            Assert.AreEqual(PageSize, log.SizeAt(0));
            Assert.AreEqual((int)camera, (int)log.OwnerAt(0), "who had it last, not who has it now");
            Assert.IsNull(log.CacheAt(0));
            Assert.AreEqual(100, log.OffsetAt(0));
            Assert.AreEqual(0xAAAAAAAAAAAAADDEUL, log.FoundAt(0));
            Assert.AreEqual(8, log.FoundBytesAt(0));
            Assert.AreEqual(0xAA, log.ExpectedAt(0));
            Assert.AreEqual(1, log.SequenceAt(0));
            Assert.AreEqual("#1 poison overwritten: page 0x10001000 (4096 bytes, last owner 'camera'), offset 100: expected aa, found de ad aa aa"
                + " aa aa aa aa\n1 findings\n", FindingText.ToText(log, allocator));
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(127)]
        [DataRow(128)]
        [DataRow(4088)]
        [DataRow(4095)]
        public void The_first_bad_byte_is_found_anywhere_in_a_page_and_no_byte_beyond_it_is_read(int offset)
        {
            PageAllocator allocator = Hardened(2, true, true, 0, out ManagedMemory memory);
            uint first = allocator.AllocPages(GfpFlags.Dma, 0, 0), second = allocator.AllocPages(GfpFlags.Dma, 0, 0);
            allocator.FreePages(first);
            Write(memory, first + (uint)offset, 0x11);
            Assert.AreEqual(first, allocator.AllocPages(GfpFlags.Dma, 0, 0));
            FindingLog log = allocator.GetPageHardening().Log;
            Assert.AreEqual(1, log.Total);
            Assert.AreEqual(offset, log.OffsetAt(0));
            int expected = PageSize - offset < 8 ? PageSize - offset : 8;
            Assert.AreEqual(expected, log.FoundBytesAt(0));
            ulong poison = expected == 1 ? 0 : 0xAAAAAAAAAAAAAA00UL;
            Assert.AreEqual(poison | 0x11UL, log.FoundAt(0));
            Assert.IsTrue(second != 0);
        }

        [TestMethod]
        public void Pages_that_were_not_freed_since_are_not_looked_at()
        {
            PageAllocator allocator = New(16, out ManagedMemory memory);
            uint address = allocator.AllocPages(GfpFlags.Dma, 0, 0);
            allocator.FreePages(address);
            allocator.Harden(new PageHardening(new FindingLog(4), true, true, 0));
            Assert.AreEqual(address, allocator.AllocPages(GfpFlags.Dma, 0, 0));
            Assert.AreEqual(0, allocator.GetPageHardening().Log.Total);
        }

        [TestMethod]
        public void What_is_handed_out_is_looked_at_once_and_still_zeroed()
        {
            PageAllocator allocator = Hardened(1, true, true, 0, out ManagedMemory memory);
            uint address = allocator.AllocPages(GfpFlags.Dma, 0, 0);
            allocator.FreePages(address);
            Assert.AreEqual(0xAA, Read(memory, address));
            Write(memory, address, 1);
            allocator.AllocPages(GfpFlags.Dma | GfpFlags.Zero, 0, 0);
            Assert.AreEqual(0, Read(memory, address));
            Write(memory, address, 2);
            allocator.FreePages(address);
            allocator.AllocPages(GfpFlags.Dma, 0, 0);
            Assert.AreEqual(1, allocator.GetPageHardening().Log.Total);
        }

        [TestMethod]
        public void A_write_behind_the_bytes_asked_for_is_found_by_the_free()
        {
            PageAllocator allocator = Hardened(16, true, true, 0, out ManagedMemory memory);
            PageOwner camera = allocator.RegisterOwner("camera");
            FindingLog log = allocator.GetPageHardening().Log;
            uint rounded = allocator.AllocBlock(2 * PageSize + 10, GfpFlags.Dma, camera);
            uint exact = allocator.AllocPagesExact(PageSize - 3, GfpFlags.Dma, camera);
            Assert.AreEqual(0xCC, Read(memory, rounded + 2 * PageSize + 10));
            Assert.AreEqual(0xCC, Read(memory, rounded + 3 * PageSize - 1));
            Assert.AreEqual(0, Read(memory, rounded + 3 * PageSize), "the page beyond the last requested one is not guarded");
            Assert.AreEqual(0, Read(memory, rounded + 2 * PageSize + 9));
            Write(memory, rounded + 2 * PageSize + 10, 0);
            Write(memory, exact + PageSize - 1, 7);
            allocator.FreePages(rounded);
            allocator.FreePagesExact(exact, PageSize - 3);
            Assert.AreEqual(2, log.Total);
            Assert.IsTrue(log.KindAt(0) == FindingKind.RedZoneOverwritten);
            Assert.AreEqual(rounded, log.AddressAt(0));
            Assert.AreEqual(2 * PageSize + 10, log.SizeAt(0));
            Assert.AreEqual(2 * PageSize + 10, log.OffsetAt(0));
            Assert.AreEqual(0xCC, log.ExpectedAt(0));
            Assert.AreEqual("#1 red zone overwritten: block " + HexText.Of(rounded) + " (8202 bytes, owner 'camera'), offset 8202: expected cc,"
                + " found 00 cc cc cc cc cc cc cc\n#2 red zone overwritten: block " + HexText.Of(exact)
                + " (4093 bytes, owner 'camera'), offset 4095: expected cc, found 07\n2 findings\n", FindingText.ToText(log, allocator));
        }

        [TestMethod]
        public void Whole_pages_have_no_red_zone()
        {
            PageAllocator allocator = Hardened(16, true, true, 0, out ManagedMemory memory);
            uint block = allocator.AllocPages(GfpFlags.Dma, 1, 0), exact = allocator.AllocPagesExact(PageSize, GfpFlags.Dma, 0);
            memory.Fill(block, 2 * PageSize, 0x55);
            memory.Fill(exact, PageSize, 0x55);
            allocator.FreePages(block);
            allocator.FreePages(exact);
            Assert.AreEqual(0, allocator.GetPageHardening().Log.Total);
        }

        [TestMethod]
        public void A_trim_that_keeps_the_pages_asked_for_keeps_the_red_zone()
        {
            PageAllocator allocator = Hardened(16, true, true, 0, out ManagedMemory memory);
            uint address = allocator.AllocBlock(4 * PageSize + 5, GfpFlags.Dma, 0);
            allocator.TrimPages(address, 5 * PageSize);
            Assert.AreEqual(0xAA, Read(memory, address + 5 * PageSize), "what was cut off is poisoned");
            Write(memory, address + 4 * PageSize + 6, 1);
            allocator.FreePages(address);
            Assert.AreEqual(1, allocator.GetPageHardening().Log.Total);
            Assert.AreEqual(4 * PageSize + 6, allocator.GetPageHardening().Log.OffsetAt(0));
            Assert.AreEqual(16, allocator.ZoneAt(0).FreePages);
        }

        [TestMethod]
        public void A_trim_to_fewer_pages_looks_at_the_red_zone_and_ends_it()
        {
            PageAllocator allocator = Hardened(16, true, true, 0, out ManagedMemory memory);
            uint address = allocator.AllocBlock(4 * PageSize + 5, GfpFlags.Dma, 0);
            Write(memory, address + 4 * PageSize + 5, 1);
            allocator.TrimPages(address, 2 * PageSize + 1);
            FindingLog log = allocator.GetPageHardening().Log;
            Assert.AreEqual(1, log.Total);
            memory.Fill(address, 3 * PageSize, 0x55);
            allocator.FreePages(address);
            Assert.AreEqual(1, log.Total, "the pages that stayed are the owner's, to the last byte");
            Write(memory, address + 7 * PageSize, 1);
            allocator.AllocPages(GfpFlags.Dma, 4, 0);
            Assert.AreEqual(2, log.Total);
            Assert.AreEqual(address + 7 * PageSize, log.AddressAt(1), "what was cut off is looked at like what was freed");
        }

        [TestMethod]
        public void A_refused_trim_changes_nothing()
        {
            PageAllocator allocator = Hardened(16, true, true, 2, out ManagedMemory memory);
            uint address = allocator.AllocBlock(PageSize + 5, GfpFlags.Dma, 0);
            Assert.IsTrue(Thrown.By(() => allocator.TrimPages(address, 3 * PageSize)) is ArgumentOutOfRangeException);
            Assert.IsTrue(Thrown.By(() => allocator.TrimPages(address + PageSize, 1)) is InvalidOperationException);
            Assert.AreEqual(14, allocator.ZoneAt(0).FreePages);
            allocator.FreePages(address, 1);
            Assert.AreEqual(0, allocator.GetPageHardening().Log.Total);
        }

        [TestMethod]
        public void Each_protection_works_without_the_others()
        {
            PageAllocator allocator = Hardened(4, false, true, 0, out ManagedMemory memory);
            uint address = allocator.AllocBlock(1, GfpFlags.Dma, 0);
            allocator.FreePages(address);
            Assert.AreEqual(0xCC, Read(memory, address + 1), "nothing is poisoned");
            allocator = Hardened(4, true, false, 0, out memory);
            address = allocator.AllocBlock(1, GfpFlags.Dma, 0);
            Assert.AreEqual(0, Read(memory, address + 1), "nothing is guarded");
            allocator.FreePages(address);
            Assert.AreEqual(0xAA, Read(memory, address + 1));
            allocator = Hardened(4, false, false, 1, out memory);
            allocator.FreePages(allocator.AllocPages(GfpFlags.Dma, 0, 0));
            Assert.AreEqual(1, allocator.GetPageHardening().Quarantined);
        }

        [TestMethod]
        public void Quarantine_holds_the_blocks_freed_last_and_lets_the_oldest_go()
        {
            PageAllocator allocator = Hardened(16, true, true, 2, out _);
            PageOwner camera = allocator.RegisterOwner("camera");
            var blocks = new uint[3];
            for (int i = 0; i < 3; i++)
            {
                blocks[i] = allocator.AllocPages(GfpFlags.Dma, 1, camera);
            }
            allocator.FreePages(blocks[0]);
            allocator.FreePages(blocks[1], 1);
            Assert.AreEqual(10, allocator.ZoneAt(0).FreePages);
            Assert.AreEqual(2, allocator.OwnerPages(camera), "they are the owner's no more");
            Assert.AreEqual(0L, allocator.ZoneAt(0).PagesFreed);
            Assert.AreEqual((int)camera, (int)allocator.OwnerAt(blocks[0] + PageSize));
            allocator.FreePagesExact(blocks[2], 2 * PageSize);
            Assert.AreEqual(2, allocator.GetPageHardening().Quarantined);
            Assert.AreEqual(12, allocator.ZoneAt(0).FreePages);
            Assert.AreEqual(blocks[0], allocator.AllocPages(GfpFlags.Dma, 1, 0), "the oldest went");
        }

        [TestMethod]
        public void A_free_of_a_block_in_quarantine_is_a_double_free()
        {
            PageAllocator allocator = Hardened(16, true, true, 2, out _);
            PageOwner camera = allocator.RegisterOwner("camera");
            uint address = allocator.AllocPages(GfpFlags.Dma, 1, camera);
            allocator.FreePages(address);
            HeldBack(allocator, () => allocator.FreePages(address), "double free: 0x10000000 is the block at 0x10000000");
            HeldBack(allocator, () => allocator.FreePages(address, 1), "double free: 0x10000000 is the block at 0x10000000");
            HeldBack(allocator, () => allocator.FreePagesExact(address, 1), "double free: 0x10000000 is the block at 0x10000000");
            HeldBack(allocator, () => allocator.TrimPages(address, 1), "double free: 0x10000000 is the block at 0x10000000");
            HeldBack(allocator, () => allocator.FreePages(address + PageSize), "double free: 0x10001000 lies in the block at 0x10000000");
            HeldBack(allocator, () => allocator.FreePages(address + 3), "double free: 0x10000003 lies in the block at 0x10000000");
        }

        private static void HeldBack(PageAllocator allocator, Action action, string expected)
        {
            string before = ProcText.BuddyInfo(allocator) + ProcText.VmStat(allocator);
            Exception e = Thrown.By(action);
            Assert.IsTrue(e is InvalidOperationException);
            Assert.StartsWith(expected + " (8192 bytes, zone DMA, owner 'camera'), which was freed and is held in quarantine.", e.Message);
            Assert.AreEqual(before, ProcText.BuddyInfo(allocator) + ProcText.VmStat(allocator));
            Assert.AreEqual(1, allocator.GetPageHardening().Quarantined);
            Assert.AreEqual(0, allocator.OwnerPages((PageOwner)1));
        }

        [TestMethod]
        public void An_allocation_that_would_fail_gets_what_is_in_quarantine()
        {
            PageAllocator allocator = Hardened(8, true, true, 8, out _);
            var pages = new uint[8];
            for (int i = 0; i < 8; i++)
            {
                pages[i] = allocator.AllocPages(GfpFlags.Dma, 0, 0);
            }
            for (int i = 0; i < 8; i++)
            {
                allocator.FreePages(pages[i]);
            }
            Assert.AreEqual(0, allocator.ZoneAt(0).FreePages);
            Assert.AreEqual(Start, allocator.AllocPages(GfpFlags.Dma | GfpFlags.Atomic, 3, 0));
            Assert.AreEqual(0, allocator.GetPageHardening().Quarantined);
            Assert.AreEqual(0, allocator.FailureCount);
        }

        [TestMethod]
        public void Quarantine_is_released_before_shrinkers_are_asked()
        {
            PageAllocator allocator = Hardened(8, true, true, 8, out _);
            allocator.RegisterShrinker(new OneBlockShrinker(allocator, allocator.AllocPages(GfpFlags.Dma, 2, 0)));
            allocator.FreePages(allocator.AllocPages(GfpFlags.Dma, 2, 0));
            Assert.AreEqual(Start + 4 * PageSize, allocator.AllocPages(GfpFlags.Dma, 2, 0));
            Assert.AreEqual(0, allocator.StallCount);
        }

        [TestMethod]
        public void What_a_shrinker_frees_into_quarantine_is_there_for_the_one_who_asked()
        {
            PageAllocator allocator = Hardened(8, true, true, 8, out _);
            allocator.RegisterShrinker(new OneBlockShrinker(allocator, allocator.AllocPages(GfpFlags.Dma, 3, 0)));
            Assert.AreEqual(Start, allocator.AllocPages(GfpFlags.Dma, 3, 0));
            Assert.AreEqual(1, allocator.StallCount);
            Assert.AreEqual(0u, allocator.AllocPages(GfpFlags.Dma, 3, 0));
            Assert.AreEqual(1, allocator.FailureCount);
        }

        [TestMethod]
        public void Drained_the_allocator_is_as_it_was_at_first()
        {
            PageAllocator allocator = Hardened(16, true, true, 3, out _);
            string before = ProcText.BuddyInfo(allocator);
            var blocks = new uint[5];
            for (int i = 0; i < 5; i++)
            {
                blocks[i] = allocator.AllocBlock(100 + i * 3000, GfpFlags.Dma, 0);
            }
            for (int i = 0; i < 5; i++)
            {
                allocator.FreePages(blocks[i]);
            }
            Assert.IsTrue(before != ProcText.BuddyInfo(allocator));
            allocator.DrainAllPages();
            Assert.AreEqual(before, ProcText.BuddyInfo(allocator));
            Assert.AreEqual(0, allocator.GetPageHardening().Log.Total);
        }

        [TestMethod]
        public void Switched_off_nothing_is_held_looked_at_or_written()
        {
            PageAllocator allocator = Hardened(4, true, true, 3, out ManagedMemory memory);
            PageHardening hardening = allocator.GetPageHardening();
            int metadata = allocator.ZoneAt(0).MetadataSize;
            uint address = allocator.AllocPages(GfpFlags.Dma, 0, 0);
            allocator.FreePages(address);
            allocator.Harden(null);
            Assert.IsNull(allocator.GetPageHardening());
            Assert.AreEqual(4, allocator.ZoneAt(0).FreePages);
            Assert.AreEqual(metadata - 4 * 6, allocator.ZoneAt(0).MetadataSize);
            Write(memory, address, 1, 2, 3);
            Assert.AreEqual(address, allocator.AllocPages(GfpFlags.Dma, 0, 0));
            allocator.FreePages(address);
            Assert.AreEqual(1, Read(memory, address));
            allocator.Harden(hardening);
            Assert.AreEqual(address, allocator.AllocPages(GfpFlags.Dma, 0, 0));
            Assert.AreEqual(0, hardening.Log.Total, "what was poisoned before counts no more");
        }

        [TestMethod]
        public void Another_hardening_takes_over_and_the_first_is_free_for_others()
        {
            PageAllocator allocator = Hardened(4, true, true, 3, out _);
            PageHardening first = allocator.GetPageHardening();
            allocator.FreePages(allocator.AllocPages(GfpFlags.Dma, 0, 0));
            var second = new PageHardening(first.Log, true, false, 0);
            allocator.Harden(second);
            Assert.AreEqual(0, first.Quarantined);
            Assert.AreEqual(4, allocator.ZoneAt(0).FreePages);
            Exception e = Thrown.By(() => allocator.Harden(second));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("in force already", e.Message);
            Assert.IsTrue(allocator.GetPageHardening() == second);
            PageAllocator other = New(4, out _);
            other.Harden(first);
            Assert.IsTrue(Thrown.By(() => other.Harden(second)) is InvalidOperationException);
            Assert.IsTrue(other.GetPageHardening() == first);
        }

        [TestMethod]
        public void Owners_are_tracked_beside_it()
        {
            PageAllocator allocator = Hardened(16, true, true, 2, out _);
            var table = new OwnerTable(16);
            allocator.TrackOwners(table);
            uint address = allocator.AllocBlock(3 * PageSize, GfpFlags.Dma, 0);
            allocator.TrimPages(address, 3 * PageSize);
            Assert.AreEqual(3 * PageSize, table.SizeAt(table.Find(address)));
            allocator.FreePages(address);
            Assert.AreEqual(0, table.Count, "what is held back is nobody's");
            allocator.TrackOwners(null);
            Assert.AreEqual(1, allocator.GetPageHardening().Quarantined);
        }

        [TestMethod]
        public void Pages_are_filled_without_the_lock()
        {
            var gate = new WatchedLock();
            var memory = new WatchedMemory(new ManagedMemory(Start, 16 * PageSize), gate);
            var zones = new[] { new Zone("DMA", ZoneKind.Dma, Start, PageMap.Create(PageMapKind.FreeBlocks, 16, 0)) };
            var allocator = new PageAllocator(zones, PageSize, memory, gate);
            allocator.Harden(new PageHardening(new FindingLog(4), true, true, 1));
            allocator.TrackOwners(new OwnerTable(8));
            uint address = allocator.AllocBlock(5 * PageSize + 1, GfpFlags.Dma | GfpFlags.Zero, 0);
            allocator.TrimPages(address, 6 * PageSize);
            allocator.FreePages(address);
            Thrown.By(() => allocator.FreePages(address));
            allocator.AllocPages(GfpFlags.Dma, 4, 0);
            Assert.AreEqual(4, memory.Fills, "zeros, the red zone, the tail, the rest");
            Assert.AreEqual(0, memory.FillsUnderLock);
            Assert.IsTrue(memory.LongestReadUnderLock <= 128, "looked at in short pieces");
            Assert.AreEqual(0, gate.Held);
        }

        [TestMethod]
        public void Refuses_what_cannot_be()
        {
            var log = new FindingLog(1);
            Assert.ThrowsException(typeof(ArgumentNullException), () => new PageHardening(null, true, true, 0));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new PageHardening(log, true, true, -1));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new PageHardening(log, true, true, 4097));
            Assert.AreEqual(4096, new PageHardening(log, true, true, 4096).QuarantineCapacity);
            PageAllocator bare = PageTestZones.OneZone(4);
            Exception e = Thrown.By(() => bare.Harden(new PageHardening(log, true, true, 0)));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("PhysicalMemory", e.Message);
            Assert.IsNull(bare.GetPageHardening());
            bare.Harden(null);
            Assert.IsTrue(bare.AllocPages(GfpFlags.Dma, 0, 0) != 0);
        }

        [TestMethod]
        public void Refuses_zones_outside_the_memory()
        {
            var memory = new ManagedMemory(Start, 3 * PageSize);
            var zones = new[] { new Zone("DMA", ZoneKind.Dma, Start, PageMap.Create(PageMapKind.FreeBlocks, 4, 0)) };
            var allocator = new PageAllocator(zones, PageSize, memory, null);
            var hardening = new PageHardening(new FindingLog(1), true, true, 0);
            Assert.IsTrue(Thrown.By(() => allocator.Harden(hardening)) is ArgumentOutOfRangeException);
            Assert.IsNull(allocator.GetPageHardening());
            New(4, out _).Harden(hardening);
        }

        internal static PageAllocator Hardened(int pages, bool poison, bool redZones, int quarantine, out ManagedMemory memory)
        {
            PageAllocator allocator = New(pages, out memory);
            allocator.Harden(new PageHardening(new FindingLog(4), poison, redZones, quarantine));
            return allocator;
        }

        internal static PageAllocator New(int pages, out ManagedMemory memory)
        {
            memory = new ManagedMemory(Start, pages * PageSize);
            return new PageAllocator(new[] { new Zone("DMA", ZoneKind.Dma, Start, PageMap.Create(PageMapKind.FreeBlocks, pages, 0)) }, PageSize, memory, null);
        }

        internal static void Write(PhysicalMemory memory, uint address, params byte[] bytes)
        {
            memory.Write(address, bytes, 0, bytes.Length);
        }

        private static int Read(PhysicalMemory memory, uint address)
        {
            var bytes = new byte[1];
            memory.Read(address, bytes, 0, 1);
            return bytes[0];
        }

        private sealed class OneBlockShrinker : Shrinker
        {
            private readonly PageAllocator _allocator;
            private uint _block;

            internal OneBlockShrinker(PageAllocator allocator, uint block)
            {
                _allocator = allocator;
                _block = block;
            }

            public override string Name { get { return "one block"; } }

            public override int Shrink(int pages)
            {
                if (_block == 0)
                {
                    return 0;
                }
                _allocator.FreePages(_block);
                _block = 0;
                return 8;
            }
        }

        private sealed class WatchedLock : AllocatorLock
        {
            internal int Held { get; private set; }

            public override void Acquire()
            {
                Held++;
            }

            public override void Release()
            {
                Held--;
            }
        }

        private sealed class WatchedMemory : PhysicalMemory
        {
            private readonly PhysicalMemory _memory;
            private readonly WatchedLock _lock;

            internal WatchedMemory(PhysicalMemory memory, WatchedLock gate)
            {
                _memory = memory;
                _lock = gate;
            }

            internal int Fills { get; private set; }

            internal int FillsUnderLock { get; private set; }

            internal int LongestReadUnderLock { get; private set; }

            public override void Fill(uint address, int length, byte value)
            {
                Fills++;
                FillsUnderLock += _lock.Held;
                _memory.Fill(address, length, value);
            }

            public override void CleanCache(uint address, int length)
            {
                _memory.CleanCache(address, length);
            }

            public override void InvalidateCache(uint address, int length)
            {
                _memory.InvalidateCache(address, length);
            }

            public override void Copy(uint source, uint destination, int length)
            {
                _memory.Copy(source, destination, length);
            }

            public override void Read(uint address, byte[] buffer, int offset, int length)
            {
                LongestReadUnderLock = _lock.Held != 0 && length > LongestReadUnderLock ? length : LongestReadUnderLock;
                _memory.Read(address, buffer, offset, length);
            }

            public override void Write(uint address, byte[] buffer, int offset, int length)
            {
                _memory.Write(address, buffer, offset, length);
            }
        }
    }
}
