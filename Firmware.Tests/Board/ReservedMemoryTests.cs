using System;
using Carveout.Board;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests
{
    /// <summary>A region that firmware keeps from the runtime says where it lies, and cannot lie where no memory can be.</summary>
    [TestClass]
    public class ReservedMemoryTests
    {
        [TestMethod]
        public void ItSaysWhereItLies()
        {
            var memory = new FakeReserved("psram", 0x3F800000, 0x100000, 32);
            Assert.AreEqual("psram", memory.Name);
            Assert.AreEqual(0x3F800000u, memory.Start);
            Assert.AreEqual(0x100000u, memory.Size);
            Assert.AreEqual(32, memory.CacheLine);
            Assert.AreEqual(1u, new FakeReserved("last byte", 0xFFFFFFFF, 1, 0).Size);
            Assert.AreEqual(0xFFFFFFFFu, new FakeReserved("all but address 0", 1, 0xFFFFFFFF, 0).Size);
        }

        [TestMethod]
        public void WhatIsNoRegionIsRefused()
        {
            Thrown.As(typeof(ArgumentNullException), () => new FakeReserved(null, 0x1000, 0x1000, 0), new string[0]);
            Refused(0, 4096, 0, "r: 4096 bytes at 0x00000000: expected a region that begins above 0 and ends at 4 GiB or below");
            Refused(0x1000, 0, 0, "r: 0 bytes at 0x00001000");
            Refused(0xFFFFF000, 0x1001, 0, "r: 4097 bytes at 0xfffff000");
            Refused(0xFFFFFFFF, 0xFFFFFFFF, 0, "r: 4294967295 bytes at 0xffffffff");
        }

        [TestMethod]
        public void ACacheLineThatItSharesIsRefused()
        {
            Refused(0x1000, 0x1000, -1, "r: lines of -1 bytes over 0x00001000-0x00001fff: expected 0 or a power of two");
            Refused(0x1000, 0x1000, 24, "r: lines of 24 bytes");
            Refused(0x1000, 0x1000, int.MinValue, "r: lines of -2147483648 bytes");
            Refused(0x1010, 0x1000, 32, "r: lines of 32 bytes over 0x00001010-0x0000200f");
            Refused(0x1000, 0x1010, 32, "r: lines of 32 bytes over 0x00001000-0x0000200f");
        }

        private static void Refused(uint start, uint size, int line, string words)
        {
            Thrown.As(typeof(ArgumentOutOfRangeException), () => new FakeReserved("r", start, size, line), new[] { words });
        }

        /// <summary>A region without bytes.</summary>
        private sealed class FakeReserved : ReservedMemory
        {
            internal FakeReserved(string name, uint start, uint size, int cacheLine)
                : base(name, start, size, cacheLine)
            {
            }

            public override void Fill(uint address, int length, byte value) { }

            public override void Copy(uint source, uint destination, int length) { }

            public override void Read(uint address, byte[] buffer, int offset, int length) { }

            public override void Write(uint address, byte[] buffer, int offset, int length) { }

            public override void CleanCache(uint address, int length) { }

            public override void InvalidateCache(uint address, int length) { }
        }
    }
}
