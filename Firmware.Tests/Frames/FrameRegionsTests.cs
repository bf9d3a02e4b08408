using System;
using Carveout.Board;
using Carveout.Board.Boards;
using Carveout.Video;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Frames
{
    /// <summary>Pools whose frames lie in several regions, where somebody planned them.</summary>
    [TestClass]
    public class FrameRegionsTests
    {
        private const uint Axi = 0x24030000, D2 = 0x30000000;
        private const int Page = 4096, FrameBytes = 8192;

        private static readonly VideoFormat s_format = new VideoFormat(64, 64, PixelFormat.RGB565);

        [TestMethod]
        public void FramesLieWhereTheyWerePlanned()
        {
            CarveoutMemory memory = TwoRegions();
            FramePool first = memory.CreatePool(s_format, 3, "first"), second = memory.CreatePool(s_format, 2, "second");
            Assert.IsTrue(first.IsReserved && second.IsReserved);
            AssertFrames(first, Axi + Page, D2, D2 + FrameBytes);
            AssertFrames(second, Axi + Page + FrameBytes, D2 + 2 * FrameBytes);
            // They start again once all are gone.
            second.Destroy();
            first.Destroy();
            AssertFrames(memory.CreatePool(s_format, 3, "again"), Axi + Page, D2, D2 + FrameBytes);
        }

        [TestMethod]
        public void APoolThatNobodyPlannedHasWhatIsLeft()
        {
            CarveoutMemory memory = TwoRegions();
            memory.CreatePool(s_format, 3, "first");
            memory.CreatePool(s_format, 2, "second");
            AssertFrames(memory.CreatePool(s_format, 1, "third"), D2 + 3 * FrameBytes);
        }

        [TestMethod]
        public void ARegionHasEnginesAndLinesOfItsBoard()
        {
            MemoryMap map = TwoRegions().Map;
            Assert.AreEqual("AXI-SRAM", map.RegionAt(0).Name);
            Assert.AreEqual("D2-SRAM1", map.RegionAt(1).Name);
            Assert.AreEqual(32, map.RegionAt(1).CacheLine);
            Assert.IsTrue((map.RegionAt(1).Dma & DmaEngines.General) != 0);
            Assert.AreEqual(1, map.ZoneCount);
            Assert.AreEqual((uint)Page, map.ZoneAt(0).Size);
            Assert.AreEqual(0, map.Validate().Length);
            Assert.AreEqual("native regions: 20480 bytes (20 KB) at 0x24030000 in AXI-SRAM, 32768 bytes (32 KB) at 0x30000000 in D2-SRAM1",
                TwoRegions().Source);
        }

        /// <summary>A picture is copied from one region to another in pieces, and what does not lie in one region is refused.</summary>
        [TestMethod]
        public void BytesGoToTheRegionThatHasThem()
        {
            PhysicalMemory memory = TwoRegions().Memory;
            var bytes = new byte[FrameBytes];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)(i * 7 + (i >> 8));
            }
            memory.Write(Axi + 5, bytes, 0, 1000);
            memory.Fill(D2, 2000, 0xEE);
            memory.Copy(Axi + 5, D2 + 7, 1000);
            var seen = new byte[1002];
            memory.Read(D2 + 6, seen, 0, 1002);
            Assert.AreEqual((byte)0xEE, seen[0]);
            for (int i = 0; i < 1000; i++)
            {
                Assert.AreEqual(bytes[i], seen[i + 1]);
            }
            Assert.AreEqual((byte)0xEE, seen[1001]);
            memory.WriteInt32(D2 + 12, 0x12345678);
            memory.WriteUInt16(D2 + 16, 0xABCD);
            memory.WriteByte(D2 + 18, 3);
            Assert.AreEqual(0x12345678, memory.ReadInt32(D2 + 12));
            Assert.AreEqual((ushort)0xABCD, memory.ReadUInt16(D2 + 16));
            Assert.AreEqual((byte)3, memory.ReadByte(D2 + 18));
            memory.Copy(D2 + 12, D2 + 13, 4);
            Assert.AreEqual(0x78, (int)memory.ReadByte(D2 + 13));
            memory.CleanCache(D2, 64);
            memory.InvalidateCache(Axi, 64);
            memory.Fill(D2 + 8 * Page, 0, 1);
            Assert.IsFalse(memory.TryGetArray(D2, 4, out _, out _));
            Thrown.As(typeof(ArgumentOutOfRangeException), () => memory.Copy(Axi, D2 + 8 * Page - 4, 8), new[] { "8 bytes at 0x30007ffc" });
            Thrown.As(typeof(ArgumentOutOfRangeException), () => memory.Copy(Axi + 5 * Page - 4, D2, 8), new[] { "8 bytes at 0x24034ffc" });
            Thrown.As(typeof(ArgumentOutOfRangeException), () => memory.Copy(Axi, D2, -1), new[] { "-1 bytes at 0x24030000" });
        }

        [TestMethod]
        public void WhatIsNotWholeIsRefused()
        {
            MemoryMap board = BoardCatalog.Create(Stm32H743.Name);
            var axi = new FakeNativeMemory(Axi, 5 * Page, 32);
            Refused("expected a region and a size for each", board, new ReservedMemory[0], new int[0], new int[0]);
            Refused("1 regions, 2 sizes", board, new ReservedMemory[] { axi }, new[] { Page, Page }, new[] { 1 });
            Refused("region 1 is not there", board, new ReservedMemory[] { axi, null }, new[] { Page, Page }, new[] { 1, 1 });
            Refused("region 0, 0x24030000-0x24034fff: expected whole pages", board, new ReservedMemory[] { axi }, new[] { 6 * Page }, new[] { 1 });
            Refused("region 0", board, new ReservedMemory[] { axi }, new[] { Page + 1 }, new[] { 1 });
            Refused("region 0", board, new ReservedMemory[] { axi }, new[] { -Page }, new[] { 1 });
            Refused("a page beside them", board, new ReservedMemory[] { axi }, new[] { 5 * Page }, new[] { 1 });
            Refused("no region has frames", board, new ReservedMemory[] { axi }, new[] { 0 }, new[] { 1 });
            Refused("shares", board, new ReservedMemory[] { axi, new FakeNativeMemory(D2, Page, 32) }, new[] { Page, Page }, new[] { 1 });
            Refused("shares", board, new ReservedMemory[] { axi }, new[] { Page }, new[] { -1 });
            Thrown.As(typeof(ArgumentNullException), () => FrameRegions.Reserve(null, new ReservedMemory[0], new int[0], new int[0]), new string[0]);
            Thrown.As(typeof(ArgumentNullException), () => FrameRegions.Reserve(board, null, new int[0], new int[0]), new string[0]);
            Thrown.As(typeof(ArgumentNullException), () => FrameRegions.Reserve(board, new ReservedMemory[0], null, new int[0]), new string[0]);
            Thrown.As(typeof(ArgumentNullException), () => FrameRegions.Reserve(board, new ReservedMemory[0], new int[0], null), new string[0]);
        }

        /// <summary>A page and two frames in AXI memory, four frames in D2's.</summary>
        private static CarveoutMemory TwoRegions()
        {
            return FrameRegions.Reserve(BoardCatalog.Create(Stm32H743.Name),
                new ReservedMemory[] { new FakeNativeMemory(Axi, 5 * Page, 32), new FakeNativeMemory(D2, 8 * Page, 32) },
                new[] { 4 * Page, 8 * Page }, new[] { 1, 2, 1, 1 });
        }

        private static void AssertFrames(FramePool pool, params uint[] addresses)
        {
            Assert.AreEqual(addresses.Length, pool.Count);
            var frames = new FrameBuffer[addresses.Length];
            for (int i = 0; i < addresses.Length; i++)
            {
                frames[i] = pool.Rent("test");
                Assert.AreEqual(addresses[i], frames[i].Address);
            }
            for (int i = 0; i < addresses.Length; i++)
            {
                frames[i].Dispose();
            }
        }

        private static void Refused(string words, MemoryMap board, ReservedMemory[] regions, int[] frameBytes, int[] shares)
        {
            Thrown.As(typeof(ArgumentException), () => FrameRegions.Reserve(board, regions, frameBytes, shares), new[] { words });
        }
    }
}
