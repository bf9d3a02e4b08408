using System;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    [TestClass]
    public class ReservedPoolTests
    {
        [TestMethod]
        public void Hands_out_each_buffer_once()
        {
            var pool = new ReservedPool("movie", 0xD0000000, 0x26000, 3);
            uint a = pool.Alloc(), b = pool.Alloc(), c = pool.Alloc();
            Assert.AreEqual(0xD0000000u, a);
            Assert.AreEqual(0xD0026000u, b);
            Assert.AreEqual(0xD004C000u, c);
            Assert.AreEqual(0u, pool.Alloc());
            pool.Free(b);
            Assert.AreEqual(1, pool.FreeCount);
            Assert.AreEqual(b, pool.Alloc());
        }

        [TestMethod]
        [DataRow(0xD0000000u)]
        [DataRow(0xD0026001u)]
        [DataRow(0xD004C000u)]
        [DataRow(0xCFFDA000u)]
        [DataRow(0u)]
        public void Refuses_what_is_no_taken_buffer(uint address)
        {
            var pool = new ReservedPool("movie", 0xD0000000, 0x26000, 2);
            pool.Free(pool.Alloc());
            Exception e = Thrown.By(() => pool.Free(address));
            Assert.IsTrue(e is InvalidOperationException);
            Assert.Contains("movie", e.Message);
            Assert.AreEqual(2, pool.FreeCount);
        }

        [TestMethod]
        public void Refuses_address_0()
        {
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new ReservedPool("movie", 0, 4096, 2));
        }

        [TestMethod]
        [DataRow(0, 1)]
        [DataRow(1, 0)]
        [DataRow(-1, 1)]
        [DataRow(int.MaxValue, int.MaxValue)]
        public void Refuses_sizes_that_are_none(int size, int count)
        {
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new ReservedPool("movie", 0xD0000000, size, count));
        }
    }
}
