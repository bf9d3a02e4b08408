using System;
using Carveout.Board;
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
            Assert.AreEqual(2, pool.LiveCount);
            Assert.AreEqual(3, pool.MaxLiveCount);
            Assert.AreEqual(1L, pool.FailureCount);
            Assert.AreEqual(b, pool.Alloc());
        }

        [TestMethod]
        public void Cuts_a_reservation_into_as_many_buffers_as_it_holds()
        {
            var pool = new ReservedPool(new Reservation("movie", 0xD0000000, 2 * 0x26000 + 100), 0x26000);
            Assert.AreEqual("movie", pool.Name);
            Assert.AreEqual(2, pool.Count);
            Assert.AreEqual(0xD0026000u, pool.Alloc() + pool.Alloc() - 0xD0000000u);
        }

        [TestMethod]
        public void A_reservation_belongs_to_one_taker()
        {
            var reservation = new Reservation("frame-pool", 0xD0000000, 0x26000);
            Assert.IsNull(reservation.Owner);
            var first = new ReservedPool(reservation, 0x1000);
            Thrown.As(typeof(InvalidOperationException), () => new ReservedPool(reservation, 0x1000),
                new[] { "reservation 'frame-pool'", "pool 'frame-pool' has it already" });
            Thrown.As(typeof(InvalidOperationException), () => reservation.Claim("display"),
                new[] { "for display", "pool 'frame-pool' has it already" });
            Assert.AreEqual(0xD0000000u, first.Alloc());
            var ring = new Reservation("ring", 0xD0100000, 0x1000);
            ring.Claim("ethernet");
            Assert.AreEqual("ethernet", ring.Owner);
            Thrown.As(typeof(InvalidOperationException), () => new ReservedPool(ring, 0x1000),
                new[] { "reservation 'ring'", "ethernet has it already" });
        }

        [TestMethod]
        public void A_buffer_that_does_not_fit_leaves_the_reservation_free()
        {
            var reservation = new Reservation("movie", 0xD0000000, 0x1000);
            Thrown.As(typeof(ArgumentOutOfRangeException), () => new ReservedPool(reservation, 0x1001), new[] { "'movie'", "4097", "1 to 4096" });
            Thrown.As(typeof(ArgumentOutOfRangeException), () => new ReservedPool(reservation, 0), new[] { "'movie'", "0 bytes" });
            Assert.IsTrue(Thrown.By(() => new ReservedPool(null, 4096)) is ArgumentNullException);
            Assert.IsNull(reservation.Owner);
        }

        [TestMethod]
        public void Names_the_number_that_is_wrong()
        {
            Names("name", () => new ReservedPool(null, 0xD0000000, 4096, 2));
            Names("start", () => new ReservedPool("movie", 0, 4096, 2));
            Names("bufferSize", () => new ReservedPool("movie", 0xD0000000, 0, 2));
            Names("count", () => new ReservedPool("movie", 0xD0000000, 4096, 0));
            Names("count", () => new ReservedPool("movie", 0xFFFFF000, 4096, 2));
        }

        private static void Names(string parameter, Action action)
        {
            var e = Thrown.By(action) as ArgumentException;
            Assert.IsNotNull(e, parameter);
            Assert.AreEqual(parameter, e.ParamName);
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
