using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Making devices, bounce buffers and allocators at boot, and their reports.</summary>
    [TestClass]
    public class DmaSetupTests
    {
        [TestMethod]
        [DataRow((int)DmaEngines.None, 1u, 1, 0u, 1, "engines 0: expected one engine")]
        [DataRow(3, 1u, 1, 0u, 1, "engines 3: expected one engine")]
        [DataRow(1, 0u, 1, 0u, 1, "a mask of 0")]
        [DataRow(1, 1u, 0, 0u, 1, "alignment 0: expected a power of two")]
        [DataRow(1, 1u, 12, 0u, 1, "alignment 12")]
        [DataRow(1, 1u, 8, 4u, 1, "boundary 4: expected 0, or a power of two from the alignment of 8 on")]
        [DataRow(1, 1u, 1, 12u, 1, "boundary 12")]
        [DataRow(1, 1u, 1, 0u, 0, "segments of 0 bytes")]
        public void A_device_that_is_none(int engine, uint mask, int alignment, uint boundary, int segment, string text)
        {
            Exception e = Thrown.By(() => new DmaDevice("camera", (DmaEngines)engine)
            {
                Mask = mask, Alignment = alignment, Boundary = boundary, MaxSegment = segment,
            });
            Assert.IsInstanceOfType(e, typeof(ArgumentOutOfRangeException));
            Assert.Contains("DMA device 'camera': " + text, e.Message);
            Assert.ThrowsException(typeof(ArgumentNullException), () => new DmaDevice(null, DmaEngines.General));
        }

        [TestMethod]
        public void A_device_of_which_nothing_is_said_wants_nothing()
        {
            var device = new DmaDevice("spi", DmaEngines.General);
            Assert.AreEqual(0xFFFFFFFFu, device.Mask);
            Assert.AreEqual(1, device.Alignment);
            Assert.AreEqual(0u, device.Boundary);
            Assert.AreEqual(int.MaxValue, device.MaxSegment);
            Assert.IsFalse(device.Snoops);
            device.Boundary = 64;
            Refused(() => device.Alignment = 128, typeof(ArgumentOutOfRangeException),
                "alignment 128: expected a power of two to the boundary of 64");
        }

        [TestMethod]
        public void What_a_device_is_does_not_change_once_it_is_attached()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            DmaDevice device = DmaTestBoard.Camera;
            int alignment = device.Alignment;
            Refused(() => device.Mask = 1, typeof(InvalidOperationException), "'" + device.Name + "' is attached: expected Mask before");
            Refused(() => device.Alignment = 4096, typeof(InvalidOperationException), "Alignment before");
            Refused(() => device.Boundary = 4096, typeof(InvalidOperationException), "Boundary before");
            Refused(() => device.MaxSegment = 1, typeof(InvalidOperationException), "MaxSegment before");
            Refused(() => device.Snoops = true, typeof(InvalidOperationException), "Snoops before");
            Assert.AreEqual(alignment, device.Alignment);
        }

        [TestMethod]
        public void A_device_says_what_it_is()
        {
            var device = new DmaDevice("camera", DmaEngines.Bdma)
            {
                Mask = 0xFFFFFF, Alignment = 16, Boundary = 0x80000000, MaxSegment = 4092, Snoops = true,
            };
            Assert.AreEqual("camera", device.Name);
            Assert.AreEqual((int)DmaEngines.Bdma, (int)device.Engine);
            Assert.AreEqual(0xFFFFFFu, device.Mask);
            Assert.AreEqual(16, device.Alignment);
            Assert.AreEqual(0x80000000u, device.Boundary);
            Assert.AreEqual(4092, device.MaxSegment);
            Assert.IsTrue(device.Snoops);
            Assert.AreEqual((int)PageOwner.Unknown, (int)device.Owner);
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            DmaTestBoard.Dma.Attach(device, DmaTail.Keep, null);
            Assert.AreEqual("camera", DmaTestBoard.Pages.OwnerName(device.Owner));
            Assert.AreEqual((int)DmaTail.Keep, (int)device.Tail);
            Assert.AreEqual(4, DmaTestBoard.Dma.DeviceCount);
            Assert.AreSame(device, DmaTestBoard.Dma.DeviceAt(3));
        }

        [TestMethod]
        public void Devices_that_cannot_be_attached()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            Refused(() => DmaTestBoard.Dma.Attach(DmaTestBoard.Camera), typeof(InvalidOperationException), "'camera' cannot be attached: it is");
            Refused(() => DmaTestBoard.Dma.Attach(null), typeof(ArgumentNullException), "device");
            Refused(() => DmaTestBoard.Dma.Attach(New("x"), DmaTail.Pool, null), typeof(ArgumentNullException), "pool");
            Refused(() => DmaTestBoard.Dma.Attach(New("x"), (DmaTail)4, null), typeof(ArgumentOutOfRangeException), "tail policy 4");
            for (int i = DmaTestBoard.Dma.DeviceCount; i < 32; i++)
            {
                DmaTestBoard.Dma.Attach(New("device" + i.ToString()));
            }
            Refused(() => DmaTestBoard.Dma.Attach(New("x")), typeof(InvalidOperationException), "'x' cannot be attached: there are 32 already");
        }

        [TestMethod]
        public void Pools_that_a_device_cannot_use()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            const uint sdram = DmaTestBoard.Sdram;
            BadPool(New("x"), DmaTail.Keep, sdram, 1024, "expected the policy DmaTail.Pool");
            BadPool(New("x"), DmaTail.Pool, DmaTestBoard.Psram, 1024, "the device does not reach all of it");
            BadPool(New("x"), DmaTail.Pool, sdram + DmaTestBoard.SdramSize - 1024, 1024, "does not reach all");
            BadPool(New("x"), DmaTail.Pool, 0x10000000, 1024, "does not reach all");
            BadPool(New("x"), DmaTail.Pool, DmaTestBoard.Sram, 1024, "region SRAM is cached, and the device does not snoop");
            var aligned = new DmaDevice("x", DmaEngines.General) { Alignment = 64, Boundary = 2048, MaxSegment = 1 };
            BadPool(aligned, DmaTail.Pool, sdram, 96, "the buffer at 0xc0000060 does not fit the alignment of 64 and the boundary of 2048");
            BadPool(aligned, DmaTail.Pool, sdram + 1984, 128, "the buffer at 0xc00007c0 does not fit");
            Assert.AreEqual(3, DmaTestBoard.Dma.DeviceCount);
            DmaTestBoard.Dma.Attach(aligned, DmaTail.Pool, new ReservedPool("pool", sdram, 1024, 2));
        }

        [TestMethod]
        [DataRow(0u, 2048, 1)]
        [DataRow(0x1000u, 2048, 0)]
        [DataRow(0x1000u, 2048, 32001)]
        [DataRow(0x1100u, 2048, 1)]
        [DataRow(0x1000u, 128, 1)]
        [DataRow(0x1000u, 3000, 1)]
        [DataRow(0x20000u, 131072, 1)]
        [DataRow(0xFFFFF800u, 2048, 2)]
        public void Bounce_buffers_that_are_none(uint start, int slotSize, int slots)
        {
            Refused(() => new BounceBuffers("swiotlb", start, slotSize, slots), typeof(ArgumentOutOfRangeException), "bounce buffers 'swiotlb'");
        }

        [TestMethod]
        public void Bounce_buffers_out_of_pages()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            BounceBuffers bounce = BounceBuffers.FromPages(DmaTestBoard.Pages, "swiotlb", 2048, 3);
            Assert.AreEqual(DmaTestBoard.Sdram, bounce.Start);
            Assert.AreEqual("swiotlb", bounce.Name);
            Assert.AreEqual(2048, bounce.SlotSize);
            Assert.AreEqual(3, bounce.SlotCount);
            Assert.AreEqual(6, DmaTestBoard.Pages.OwnerPages(DmaTestBoard.Pages.RegisterOwner("swiotlb")));
            Assert.IsNull(BounceBuffers.FromPages(DmaTestBoard.Pages, "more", 512, 22), "ten pages are left");
            Refused(() => BounceBuffers.FromPages(DmaTestBoard.Pages, "more", 512, 33), typeof(ArgumentOutOfRangeException), "16896 bytes");
            Refused(() => BounceBuffers.FromPages(DmaTestBoard.Pages, "more", 100, 1), typeof(ArgumentOutOfRangeException), "slots of 100");
            Refused(() => BounceBuffers.FromPages(null, "more", 512, 1), typeof(ArgumentNullException), "pages");
            Refused(() => BounceBuffers.FromPages(DmaTestBoard.Pages, null, 512, 1), typeof(ArgumentNullException), "name");
        }

        [TestMethod]
        public void Allocators_that_are_none()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 4);
            MemoryMap map = DmaTestBoard.Map;
            PageAllocator pages = PageAllocator.Boot(map, null, null);
            var outside = new BounceBuffers("outside", DmaTestBoard.Sram + 0x3800, 2048, 2);
            Refused(() => new DmaAllocator(null, map, DmaTestBoard.Memory, null, 4, 8), typeof(ArgumentNullException), "pages");
            Refused(() => new DmaAllocator(pages, null, DmaTestBoard.Memory, null, 4, 8), typeof(ArgumentNullException), "map");
            Refused(() => new DmaAllocator(pages, map, null, null, 4, 8), typeof(ArgumentNullException), "memory");
            Refused(() => new DmaAllocator(pages, map, DmaTestBoard.Memory, null, 0, 8), typeof(ArgumentOutOfRangeException), "0 mappings");
            Refused(() => new DmaAllocator(pages, map, DmaTestBoard.Memory, null, 32768, 8), typeof(ArgumentOutOfRangeException), "32768 mappings");
            Refused(() => new DmaAllocator(pages, map, DmaTestBoard.Memory, null, 4, 9), typeof(ArgumentOutOfRangeException), "9 slots");
            Refused(() => new DmaAllocator(pages, map, DmaTestBoard.Memory, outside, 4, 8), typeof(ArgumentOutOfRangeException),
                "bounce buffers 'outside' 0x20003800-0x200047ff lie in no region of map dma");
            var shorter = new MemoryMap("shorter", DmaTestBoard.PageSize);
            shorter.Add(new MemoryRegion("SRAM", MemoryKind.Sram, DmaTestBoard.Sram, DmaTestBoard.SramSize - 1, DmaEngines.General, 0));
            Refused(() => new DmaAllocator(pages, shorter, DmaTestBoard.Memory, new BounceBuffers("byte", DmaTestBoard.Sram + 0x3800, 1024, 2), 4, 8),
                typeof(ArgumentOutOfRangeException), "bounce buffers 'byte' 0x20003800-0x20003fff lie in no region of map shorter");
            Refused(() => new DmaAllocator(DmaTestBoard.Pages, map, DmaTestBoard.Memory, null, 4, 8), typeof(InvalidOperationException),
                "the page allocator has a DMA allocator");
            new DmaAllocator(pages, map, DmaTestBoard.Memory, null, 4, 8);
        }

        [TestMethod]
        public void The_dump_shows_every_mapping_by_address()
        {
            DmaTestBoard.BootTaken(PageMapKind.Runs, 8);
            DmaTestBoard.Pages.FreePages(DmaTestBoard.Sdram);
            DmaStreaming streaming = DmaTestBoard.Streaming;
            uint handle = streaming.MapSingle(DmaTestBoard.Camera, DmaTestBoard.Sdram + 0x2000, 64, DmaDirection.Bidirectional);
            streaming.MapSingle(DmaTestBoard.Display, DmaTestBoard.Free + 2, 100, DmaDirection.FromDevice);
            streaming.MapSingle(DmaTestBoard.Display, DmaTestBoard.Free, 2, DmaDirection.ToDevice);
            DmaTestBoard.Dma.AllocNoncoherent(DmaTestBoard.Camera, 700, DmaDirection.ToDevice, GfpFlags.Kernel, out uint block);
            streaming.SyncForCpu(DmaTestBoard.Camera, handle + 8, 8, DmaDirection.Bidirectional);
            Assert.AreEqual(
                "display direct P=0x20002000 D=0x20002000 L=2 DMA_TO_DEVICE device\n"
                + "display bounced P=0x20002002 D=0x20003000 L=100 DMA_FROM_DEVICE device\n"
                + "camera noncoherent P=0xc0000000 D=0x80000000 L=700 DMA_TO_DEVICE cpu\n"
                + "camera direct P=0xc0002000 D=0x80002000 L=64 DMA_BIDIRECTIONAL cpu=8-15\n",
                DmaText.Dump(DmaTestBoard.Dma));
        }

        [TestMethod]
        public void The_counters_leave_out_bounce_buffers_that_are_not_there()
        {
            DmaTestBoard.Boot(PageMapKind.Runs, 8);
            PageAllocator pages = PageAllocator.Boot(DmaTestBoard.Map, null, null);
            var dma = new DmaAllocator(pages, DmaTestBoard.Map, DmaTestBoard.Memory, null, 4, 8);
            DmaDevice device = New("x");
            dma.Attach(device);
            dma.AllocCoherent(device, 300, GfpFlags.Kernel, out uint handle);
            Assert.AreEqual(0u, new DmaStreaming(dma).MapSingle(device, DmaTestBoard.Psram, 1, DmaDirection.ToDevice));
            Assert.AreEqual("nr_dma_mapped 0\nnr_dma_mapped_max 0\ndma_map 0\ndma_map_fail 1\ndma_coherent_bytes 300\ndma_coherent_fail 0\n",
                DmaText.Counters(dma));
        }

        private static DmaDevice New(string name)
        {
            return new DmaDevice(name, DmaEngines.General) { MaxSegment = 1 };
        }

        private static void BadPool(DmaDevice device, DmaTail tail, uint start, int size, string text)
        {
            Refused(() => DmaTestBoard.Dma.Attach(device, tail, new ReservedPool("pool", start, size, 2)), typeof(ArgumentException), text);
        }

        private static void Refused(Action action, Type type, string text)
        {
            Exception e = Thrown.By(action);
            Assert.IsNotNull(e, text);
            Assert.IsInstanceOfType(e, type);
            Assert.Contains(text, e.Message);
        }
    }
}
