using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    [TestClass]
    public class SlabHardeningTests
    {
        private const uint Start = 0x10000000;
        private const SlabDebug Both = SlabDebug.Poison | SlabDebug.RedZone;

        private static ManagedMemory s_memory;
        private static FindingLog s_log;

        [TestMethod]
        [DataRow(100, 8, 112, 8)]
        [DataRow(64, 64, 128, 64)]
        [DataRow(56, 64, 64, 64)]
        [DataRow(4096, 4096, 8192, 4096)]
        public void Red_zone_widens_the_stride_and_keeps_the_alignment(int size, int alignment, int stride, int front)
        {
            SlabAllocator slabs = Slabs(64);
            KmemCache cache = New(slabs, size, alignment, SlabDebug.RedZone, 0);
            Assert.AreEqual(stride, cache.Stride);
            Assert.AreEqual(size, cache.ObjectSize);
            Assert.IsTrue(cache.Debug == SlabDebug.RedZone);
            uint first = cache.Alloc(GfpFlags.Kernel), second = cache.Alloc(GfpFlags.Kernel);
            Assert.AreEqual(Start + (uint)front, first);
            Assert.AreEqual(first + (uint)stride, second);
            Assert.IsTrue(cache.ObjectsPerSlab * stride + front <= cache.PagesPerSlab * 4096);
            Assert.Contains(" " + stride.ToString() + " ", SlabText.SlabInfo(slabs));
            cache.Free(first);
            cache.Free(second);
            Assert.AreEqual(0, s_log.Total);
        }

        /// <summary>An object has a red zone behind it and an unused rest; the first object of a slab also has a red zone before
        /// it.</summary>
        [TestMethod]
        public void Each_guard_of_an_object_is_a_finding()
        {
            SlabAllocator slabs = Slabs(64);
            slabs.TrackOwners(new OwnerTable(16));
            var kmalloc = new KmallocCaches(slabs, KmallocSizes.Standard(65536), Both, 0);
            uint address = kmalloc.Kmalloc(40, GfpFlags.Kernel, PageOwner.Unknown);
            KmemCache cache = slabs.FindCache(address);
            Assert.AreEqual(0, cache.Validate());
            s_memory.Fill(address + 40, 1, 0x11);
            Assert.AreEqual(1, cache.Validate(), "the rest");
            s_memory.Fill(address + 40, 1, 0x11);
            s_memory.Fill(address + 64, 1, 0x11);
            Assert.AreEqual(2, cache.Validate(), "the zone behind it as well");
            s_memory.Fill(address + 40, 1, 0x11);
            s_memory.Fill(address + 64, 1, 0x11);
            s_memory.Fill(address - 1, 1, 0x11);
            Assert.AreEqual(3, cache.Validate(), "and the zone in front");
            Assert.AreEqual(6L, s_log.Total);
            Assert.AreEqual(0, cache.Validate(), "they were restored");
        }

        [TestMethod]
        public void Free_objects_and_zones_have_the_kernels_bytes()
        {
            KmemCache cache = New(Slabs(4), 24, 8, Both, 0);
            uint address = cache.Alloc(GfpFlags.Kernel);
            Bytes(address - 8, 8, 0xcc);
            Bytes(address, 23, 0x6b);
            Bytes(address + 23, 1, 0xa5);
            Bytes(address + 24, 8, 0xcc);
            Bytes(address + 32, 23, 0x6b);
            Bytes(address + 56, 8, 0xbb);
            s_memory.Fill(address, 24, 0x11);
            cache.Free(address);
            Bytes(address - 8, 8, 0xbb);
            Bytes(address, 23, 0x6b);
            Bytes(address + 23, 1, 0xa5);
            Bytes(address + 24, 8, 0xbb);
            Assert.AreEqual(0, s_log.Total);
            Assert.AreEqual(0, cache.Validate());
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(13)]
        [DataRow(299)]
        public void Write_after_free_is_found_at_the_next_allocation_once(int offset)
        {
            KmemCache cache = New(Slabs(4), 300, 8, Both, 0);
            uint address = cache.Alloc(GfpFlags.Kernel);
            cache.Free(address);
            s_memory.Fill(address + (uint)offset, 1, 0x42);
            Assert.AreEqual(address, cache.Alloc(GfpFlags.Kernel), "the object goes on being used");
            Finding(FindingKind.PoisonOverwritten, address, 300, 0, offset, 0x42, offset == 299 ? 0xa5 : 0x6b);
            cache.Free(address);
            cache.Alloc(GfpFlags.Kernel);
            Assert.AreEqual(1, s_log.Total, "and is in order again");
        }

        [TestMethod]
        public void Write_all_over_a_free_object_and_its_zone_is_one_finding_each()
        {
            KmemCache cache = New(Slabs(4), 300, 8, Both, 0);
            uint address = cache.Alloc(GfpFlags.Kernel);
            cache.Free(address);
            s_memory.Fill(address, cache.Stride, 0x42);
            Assert.AreEqual(2, cache.Validate());
            Assert.AreEqual(8, s_log.FoundBytesAt(0));
            Assert.AreEqual(0x4242424242424242UL, s_log.FoundAt(0));
            Assert.IsTrue(s_log.KindAt(1) == FindingKind.RedZoneOverwritten);
            Assert.AreEqual(300, s_log.OffsetAt(1));
            Assert.AreEqual(0, cache.Validate());
        }

        [TestMethod]
        [DataRow(64)]
        [DataRow(127)]
        [DataRow(-1)]
        [DataRow(-64)]
        public void Overrun_and_underrun_are_found_at_the_free_with_the_owner(int offset)
        {
            SlabAllocator slabs = Slabs(4);
            PageOwner camera = slabs.Pages.RegisterOwner("camera");
            slabs.TrackOwners(new OwnerTable(8));
            KmemCache cache = New(slabs, 64, 64, SlabDebug.RedZone, 0);
            uint address = cache.Alloc(GfpFlags.Kernel, camera);
            s_memory.Fill(address + (uint)offset, 1, 0x42);
            cache.Free(address);
            Finding(FindingKind.RedZoneOverwritten, address, 64, camera, offset, 0x42, 0xcc);
            cache.Alloc(GfpFlags.Kernel);
            Assert.AreEqual(1, s_log.Total);
        }

        [TestMethod]
        public void Zone_of_a_free_object_is_looked_at_when_it_is_handed_out()
        {
            KmemCache cache = New(Slabs(4), 64, 8, SlabDebug.RedZone, 0);
            uint address = cache.Alloc(GfpFlags.Kernel);
            s_memory.Fill(address + 72 + 64 + 3, 1, 0x42);
            cache.Alloc(GfpFlags.Kernel);
            Finding(FindingKind.RedZoneOverwritten, address + 72, 64, 0, 67, 0x42, 0xbb);
        }

        [TestMethod]
        public void Bytes_behind_a_request_are_a_red_zone_where_owners_are_tracked()
        {
            SlabAllocator slabs = Slabs(64);
            PageOwner camera = slabs.Pages.RegisterOwner("camera");
            slabs.TrackOwners(new OwnerTable(64));
            var kmalloc = new KmallocCaches(slabs, KmallocSizes.Standard(KmallocCaches.MaxSizeIn(slabs)), Both, 0);
            uint address = kmalloc.Kzalloc(100, GfpFlags.Kernel, camera);
            Bytes(address, 100, 0);
            Bytes(address + 100, 28, 0xcc);
            s_memory.Fill(address + 100, 1, 0);
            kmalloc.Kfree(address);
            Finding(FindingKind.RedZoneOverwritten, address, 128, camera, 100, 0, 0xcc);
            address = kmalloc.Kmalloc(100, GfpFlags.Kernel, camera);
            Assert.AreEqual(128, kmalloc.Ksize(address));
            s_memory.Fill(address, 128, 1);
            kmalloc.Kfree(address);
            Assert.AreEqual(1, s_log.Total, "who asks how much there is may use it");
            address = kmalloc.Kmalloc(100, GfpFlags.Kernel);
            s_memory.Fill(address, 128, 1);
            kmalloc.Kfree(address);
            Assert.AreEqual(1, s_log.Total, "without an owner the size is not known");
        }

        [TestMethod]
        public void Krealloc_moves_the_red_zone_and_copies_none_of_it()
        {
            SlabAllocator slabs = Slabs(64);
            PageOwner camera = slabs.Pages.RegisterOwner("camera");
            slabs.TrackOwners(new OwnerTable(64));
            var kmalloc = new KmallocCaches(slabs, KmallocSizes.Standard(KmallocCaches.MaxSizeIn(slabs)), Both, 0);
            uint address = kmalloc.Kzalloc(100, GfpFlags.Kernel, camera);
            Assert.AreEqual(address, kmalloc.Krealloc(address, 70, GfpFlags.Kernel));
            Bytes(address + 70, 58, 0xcc);
            Assert.AreEqual(address, kmalloc.Krealloc(address, 120, GfpFlags.Kernel));
            s_memory.Fill(address, 120, 0x33);
            uint moved = kmalloc.Krealloc(address, 200, GfpFlags.Kernel | GfpFlags.Zero);
            Bytes(moved, 120, 0x33);
            Bytes(moved + 120, 80, 0);
            Bytes(moved + 200, 56, 0xcc);
            s_memory.Fill(moved + 255, 1, 0x42);
            Assert.AreEqual(moved, kmalloc.Krealloc(moved, 210, GfpFlags.Kernel));
            Finding(FindingKind.RedZoneOverwritten, moved, 256, camera, 255, 0x42, 0xcc);
            kmalloc.Kfree(moved);
            Assert.AreEqual(1, s_log.Total);
        }

        [TestMethod]
        public void Quarantine_keeps_the_latest_and_a_second_free_is_a_double_free()
        {
            SlabAllocator slabs = Slabs(4);
            PageOwner camera = slabs.Pages.RegisterOwner("camera");
            slabs.TrackOwners(new OwnerTable(8));
            string fresh = ProcText.BuddyInfo(slabs.Pages);
            KmemCache cache = New(slabs, 1024, 1024, SlabDebug.Poison, 2);
            uint first = cache.Alloc(GfpFlags.Kernel, camera), second = cache.Alloc(GfpFlags.Kernel), third = cache.Alloc(GfpFlags.Kernel);
            cache.Free(first);
            cache.Free(second);
            Assert.AreEqual(2, cache.QuarantinedObjects);
            Assert.AreEqual(1, cache.LiveCount);
            string before = SlabText.SlabInfo(slabs);
            Exception e = Thrown.By(() => cache.Free(first));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("double free: " + HexText.Of(first), e.Message);
            Assert.Contains("in quarantine; its last owner was 'camera'", e.Message);
            Assert.AreEqual(before, SlabText.SlabInfo(slabs));
            Assert.AreEqual(third + 1024, cache.Alloc(GfpFlags.Kernel), "neither of the two");
            s_memory.Fill(first + 9, 1, 0x42);
            cache.Free(third);
            Finding(FindingKind.PoisonOverwritten, first, 1024, camera, 9, 0x42, 0x6b);
            Assert.AreEqual(first, cache.Alloc(GfpFlags.Kernel), "the oldest left");
            cache.Free(first);
            cache.Free(third + 1024);
            Assert.AreEqual(0, cache.LiveCount);
            Assert.AreEqual(1, cache.Shrink());
            Assert.AreEqual(0, cache.QuarantinedObjects);
            slabs.Pages.DrainAllPages();
            Assert.AreEqual(fresh, ProcText.BuddyInfo(slabs.Pages));
        }

        [TestMethod]
        public void Validate_looks_at_free_live_and_quarantined_objects()
        {
            SlabAllocator slabs = Slabs(4);
            KmemCache cache = New(slabs, 64, 8, Both, 4);
            var plain = new KmemCache(slabs, "plain", 64, 8, GfpFlags.Kernel, null);
            plain.Alloc(GfpFlags.Kernel);
            Assert.AreEqual(0, plain.Validate());
            uint quarantined = cache.Alloc(GfpFlags.Kernel), live = cache.Alloc(GfpFlags.Kernel);
            cache.Free(quarantined);
            Assert.AreEqual(0, slabs.Validate());
            s_memory.Fill(quarantined, 1, 1);
            s_memory.Fill(live + 64, 1, 2);
            s_memory.Fill(live + 72, 1, 3);
            Assert.AreEqual(3, slabs.Validate());
            Assert.AreEqual(3, s_log.Total);
            Assert.AreEqual(0, slabs.Validate());
            cache.Free(live);
            Assert.AreEqual(3, s_log.Total);
        }

        [TestMethod]
        public void Zero_clears_the_object_and_leaves_the_zone()
        {
            KmemCache cache = New(Slabs(4), 60, 8, Both, 0);
            uint address = cache.Alloc(GfpFlags.Zero);
            Bytes(address, 60, 0);
            Bytes(address + 60, 12, 0xcc);
            cache.Free(address);
            Assert.AreEqual(0, s_log.Total);
        }

        [TestMethod]
        public void Constructed_objects_may_have_zones_and_no_poison()
        {
            SlabAllocator slabs = Slabs(4);
            var constructor = new Filler();
            Exception e = Thrown.By(() => new KmemCache(slabs, "built", 64, 8, GfpFlags.Kernel, constructor, Both, 0));
            Assert.IsTrue(e is ArgumentException);
            Assert.Contains("constructor", e.Message);
            Assert.AreEqual(0, slabs.CacheCount);
            var cache = new KmemCache(slabs, "built", 64, 8, GfpFlags.Kernel, constructor, SlabDebug.RedZone, 1);
            for (int i = 0; i < 100; i++)
            {
                uint address = cache.Alloc(GfpFlags.Kernel);
                Bytes(address, 64, 0x77);
                cache.Free(address);
            }
            Assert.AreEqual(cache.ObjectsPerSlab, constructor.Calls, "once an object and slab");
            Assert.IsTrue(Thrown.By(() => cache.Alloc(GfpFlags.Zero)) is InvalidOperationException);
            Assert.AreEqual(0, cache.LiveCount);
            Assert.AreEqual(0, s_log.Total);
        }

        /// <summary>Two words of free-object bits, none of which is the active word.</summary>
        [TestMethod]
        public void A_hardened_slab_of_more_than_64_objects_is_used_to_the_last()
        {
            SlabAllocator slabs = Slabs(64);
            KmemCache cache = New(slabs, 32, 8, SlabDebug.Poison, 0);
            var objects = new uint[128];
            for (int i = 0; i < 128; i++)
            {
                objects[i] = cache.Alloc(GfpFlags.Kernel);
                Assert.AreEqual(Start + (uint)i * 32, objects[i]);
                Assert.AreEqual(1, cache.SlabCount);
            }
            cache.Free(objects[100]);
            Assert.AreEqual(objects[100], cache.Alloc(GfpFlags.Kernel));
            Assert.AreEqual(Start + 4096, cache.Alloc(GfpFlags.Kernel));
            Assert.AreEqual(2, cache.SlabCount);
            Assert.AreEqual(0, s_log.Total);
        }

        [TestMethod]
        public void What_cannot_be_hardened_is_refused()
        {
            SlabAllocator slabs = Slabs(4), blind = KmemCacheTests.Slabs(4);
            Exception e = Thrown.By(() => New(blind, 64, 8, SlabDebug.Poison, 0));
            Assert.IsTrue(e is ArgumentException);
            Assert.Contains("FindingLog", e.Message);
            Assert.IsTrue(Thrown.By(() => New(slabs, 64, 8, Both, -1)) is ArgumentOutOfRangeException);
            Assert.IsTrue(Thrown.By(() => New(slabs, 64, 8, Both, 4097)) is ArgumentOutOfRangeException);
            e = Thrown.By(() => New(slabs, 131072, 64, SlabDebug.RedZone, 0));
            Assert.IsTrue(e is ArgumentOutOfRangeException);
            Assert.Contains("1 to 131000, with red zones", e.Message);
            Assert.AreEqual(1, New(slabs, 131000, 64, SlabDebug.RedZone, 0).ObjectsPerSlab);
            Assert.AreEqual(0, blind.CacheCount);
            KmemCache quarantined = New(blind, 64, 8, SlabDebug.None, 1);
            uint address = quarantined.Alloc(GfpFlags.Kernel);
            quarantined.Free(address);
            Assert.IsTrue(quarantined.Alloc(GfpFlags.Kernel) != address, "a quarantine alone needs no memory to look at");
        }

        [TestMethod]
        public void Hardened_Kmalloc_serves_every_size()
        {
            SlabAllocator slabs = Slabs(100);
            string fresh = ProcText.BuddyInfo(slabs.Pages);
            var kmalloc = new KmallocCaches(slabs, KmallocSizes.Standard(KmallocCaches.MaxSizeIn(slabs)), Both, 1);
            for (int size = 32; size <= 131072; size *= 2)
            {
                uint address = kmalloc.Kmalloc(size, GfpFlags.Kernel);
                Assert.IsTrue(address != 0);
                Assert.AreEqual(0u, address % (uint)(size < 4096 ? size : 4096));
                Assert.AreEqual(size, kmalloc.Ksize(address));
                s_memory.Fill(address, size, 0x99);
                kmalloc.Kfree(address);
                slabs.Shrink(int.MaxValue);
            }
            Assert.AreEqual(0, s_log.Total);
            slabs.Pages.DrainAllPages();
            Assert.AreEqual(fresh, ProcText.BuddyInfo(slabs.Pages));
        }

        [TestMethod]
        public void Address_in_the_front_zone_is_no_object()
        {
            KmemCache cache = New(Slabs(4), 64, 8, Both, 0);
            uint address = cache.Alloc(GfpFlags.Kernel);
            Exception e = Thrown.By(() => cache.Free(address - 8));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("in front of the slab's first object at " + HexText.Of(address), e.Message);
            Assert.IsTrue(Thrown.By(() => cache.Free(address + 64)) is InvalidOperationException);
            Assert.AreEqual(1, cache.LiveCount);
        }

        [TestMethod]
        public void Metadata_counts_the_bitmaps_of_held_objects_and_the_quarantines()
        {
            SlabAllocator slabs = Slabs(4);
            int plain = slabs.MetadataSize;
            New(slabs, 64, 8, SlabDebug.Poison, 10);
            Assert.AreEqual(plain + 64 * 2 * 8 + 50, slabs.MetadataSize);
        }

        private static SlabAllocator Slabs(int pages)
        {
            s_memory = new ManagedMemory(Start, pages * 4096);
            s_log = new FindingLog(16);
            return new SlabAllocator(KmemCacheTests.Pages(pages), s_memory, 64, null, s_log);
        }

        private static KmemCache New(SlabAllocator slabs, int size, int alignment, SlabDebug debug, int quarantine)
        {
            return new KmemCache(slabs, "node", size, alignment, GfpFlags.Kernel, null, debug, quarantine);
        }

        private static void Finding(FindingKind kind, uint address, int size, PageOwner owner, int offset, int found, int expected)
        {
            Assert.AreEqual(1, s_log.Total);
            Assert.IsTrue(s_log.KindAt(0) == kind);
            Assert.AreEqual(address, s_log.AddressAt(0));
            Assert.AreEqual(size, s_log.SizeAt(0));
            Assert.AreEqual((int)owner, (int)s_log.OwnerAt(0));
            Assert.AreEqual(offset, s_log.OffsetAt(0));
            Assert.AreEqual(found, (int)(s_log.FoundAt(0) & 255));
            Assert.AreEqual(expected, s_log.ExpectedAt(0));
        }

        private static void Bytes(uint address, int length, int expected)
        {
            var bytes = new byte[length];
            s_memory.Read(address, bytes, 0, length);
            for (int i = 0; i < length; i++)
            {
                Assert.AreEqual(expected, (int)bytes[i]);
            }
        }

        private sealed class Filler : ObjectConstructor
        {
            internal int Calls { get; private set; }

            public override void Construct(uint address)
            {
                Calls++;
                s_memory.Fill(address, 64, 0x77);
            }
        }
    }
}
