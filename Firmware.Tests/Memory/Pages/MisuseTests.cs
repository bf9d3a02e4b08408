using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Each wrong call names the address and the owner, and the free lists are the same before and after.</summary>
    [TestClass]
    public class MisuseTests
    {
        private static PageAllocator s_allocator;
        private static PageOwner s_camera, s_display;
        private static uint s_block;

        [Setup]
        public void Boot()
        {
            var map = new MemoryMap("test", 4096);
            map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, 0xD0000000, 0x200000, DmaEngines.General, 0));
            map.Add(new Reservation("frame-pool", 0xD0100000, 0x100000));
            map.Add(new ZonePlan("DMA", ZoneKind.Dma, 0xD0000000, 0x100000, DmaEngines.General, PageMapKind.FreeBlocks));
            s_allocator = PageAllocator.Boot(map, null, null);
            s_camera = s_allocator.RegisterOwner("camera");
            s_display = s_allocator.RegisterOwner("display");
            s_block = s_allocator.AllocPages(GfpFlags.Dma, 2, s_camera);
        }

        [TestMethod]
        public void Double_free()
        {
            uint address = s_allocator.AllocPages(GfpFlags.Dma, 3, s_display);
            s_allocator.FreePages(address);
            Refused(() => s_allocator.FreePages(address), typeof(InvalidOperationException), "double free", HexText.Of(address), "display");
        }

        [TestMethod]
        public void Double_free_of_a_page_that_is_parked_in_a_hot_slot()
        {
            uint address = s_allocator.AllocPages(GfpFlags.Dma, 0, s_display);
            s_allocator.FreePages(address);
            Refused(() => s_allocator.FreePages(address), typeof(InvalidOperationException), "double free", HexText.Of(address), "display");
        }

        [TestMethod]
        public void Interior_free()
        {
            Refused(() => s_allocator.FreePages(s_block + 0x1000), typeof(InvalidOperationException),
                "interior free: " + HexText.Of(s_block + 0x1000),
                "4096 bytes inside the block at " + HexText.Of(s_block), "owner 'camera'");
        }

        [TestMethod]
        public void Free_of_an_address_inside_a_page()
        {
            Refused(() => s_allocator.FreePages(s_block + 16), typeof(InvalidOperationException),
                "interior free", HexText.Of(s_block + 16), "camera");
        }

        [TestMethod]
        public void Wild_free_of_reserved_memory_names_who_reserved_it()
        {
            Refused(() => s_allocator.FreePages(0xD0100000), typeof(InvalidOperationException), "wild free", "0xd0100000", "frame-pool");
        }

        [TestMethod]
        public void Wild_free_outside_every_zone()
        {
            Refused(() => s_allocator.FreePages(0x20000000), typeof(InvalidOperationException), "wild free", "0x20000000", "no owner");
        }

        [TestMethod]
        public void Wild_free_of_memory_that_nobody_ever_had()
        {
            Refused(() => s_allocator.FreePages(0xD00FF000), typeof(InvalidOperationException), "wild free", "0xd00ff000", "no owner");
        }

        [TestMethod]
        public void Wrong_order()
        {
            Refused(() => s_allocator.FreePages(s_block, 3), typeof(InvalidOperationException), "wrong size", HexText.Of(s_block), "16384 bytes",
                "camera", "32768 bytes");
        }

        [TestMethod]
        public void Wrong_size()
        {
            Refused(() => s_allocator.FreePagesExact(s_block, 4096), typeof(InvalidOperationException), "wrong size", HexText.Of(s_block), "camera");
        }

        [TestMethod]
        [DataRow(-1)]
        [DataRow(11)]
        [DataRow(int.MaxValue)]
        [DataRow(int.MinValue)]
        public void Order_out_of_range(int order)
        {
            Refused(() => s_allocator.AllocPages(GfpFlags.Dma, order, s_camera), typeof(ArgumentOutOfRangeException),
                order.ToString(), "camera", "0 to 10");
            Refused(() => s_allocator.FreePages(s_block, order), typeof(ArgumentOutOfRangeException), order.ToString(), HexText.Of(s_block), "camera",
                "0 to 10");
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(-1)]
        [DataRow(int.MaxValue)]
        [DataRow(int.MinValue)]
        public void Size_out_of_range(int size)
        {
            Refused(() => s_allocator.AllocBlock(size, GfpFlags.Dma, s_camera), typeof(ArgumentOutOfRangeException), size.ToString(), "camera");
            Refused(() => s_allocator.AllocPagesExact(size, GfpFlags.Dma, s_camera, 4096), typeof(ArgumentOutOfRangeException), size.ToString(),
                "camera", "1048576");
            Refused(() => s_allocator.FreePagesExact(s_block, size), typeof(ArgumentOutOfRangeException), size.ToString(), HexText.Of(s_block),
                "camera");
            Refused(() => s_allocator.TrimPages(s_block, size), typeof(ArgumentOutOfRangeException), size.ToString(), HexText.Of(s_block),
                "camera", "16384");
        }

        [TestMethod]
        public void The_address_0_is_named_too()
        {
            Refused(() => s_allocator.FreePages(0, -1), typeof(ArgumentOutOfRangeException), "-1", "0x00000000");
            Refused(() => s_allocator.FreePagesExact(0, -1), typeof(ArgumentOutOfRangeException), "-1", "0x00000000");
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(2048)]
        [DataRow(12288)]
        [DataRow(-4096)]
        public void Alignment_that_is_none(int alignment)
        {
            Refused(() => s_allocator.AllocPagesExact(4096, GfpFlags.Dma, s_camera, alignment), typeof(ArgumentOutOfRangeException),
                alignment.ToString(), "camera");
        }

        [TestMethod]
        public void Trim_of_what_is_no_block()
        {
            Refused(() => s_allocator.TrimPages(s_block + 0x1000, 4096), typeof(InvalidOperationException), "interior", "camera");
        }

        [TestMethod]
        public void Zeroed_pages_without_memory_to_zero()
        {
            string before = ProcText.BuddyInfo(s_allocator);
            Exception e = Thrown.By(() => s_allocator.AllocPages(GfpFlags.Dma | GfpFlags.Zero, 5, s_camera));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("camera", e.Message);
            Assert.AreEqual(before, ProcText.BuddyInfo(s_allocator));
        }

        [TestMethod]
        public void Owner_that_is_not_registered()
        {
            Refused(() => s_allocator.AllocPages(GfpFlags.Dma, 0, (PageOwner)99), typeof(ArgumentOutOfRangeException), "99");
            Refused(() => s_allocator.AllocPages(GfpFlags.Dma, 0, (PageOwner)(-1)), typeof(ArgumentOutOfRangeException), "-1");
        }

        private static void Refused(Action action, Type exception, params string[] words)
        {
            string before = ProcText.BuddyInfo(s_allocator) + ProcText.VmStat(s_allocator) + ProcText.TopOwners(s_allocator);
            Exception e = Thrown.By(action);
            Assert.IsNotNull(e);
            Assert.IsTrue(e.GetType() == exception, e.GetType().Name + ": " + e.Message);
            for (int i = 0; i < words.Length; i++)
            {
                Assert.Contains(words[i], e.Message);
            }
            Assert.AreEqual(before, ProcText.BuddyInfo(s_allocator) + ProcText.VmStat(s_allocator) + ProcText.TopOwners(s_allocator));
        }
    }
}
