using System;
using Carveout.Board;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests
{
    /// <summary>Looking up addresses and names in a map, and addresses as text.</summary>
    [TestClass]
    public class MemoryMapTests
    {
        private static MemoryMap Map()
        {
            var map = new MemoryMap("map", 4096);
            map.Add(new MemoryRegion("TOP", MemoryKind.Sdram, 0xF0000000, 0x10000000, DmaEngines.General, 0));
            map.Add(new MemoryRegion("SRAM", MemoryKind.Sram, 0x20000000, 0x1000, DmaEngines.General, 0));
            map.Add(new Reservation("last", 0xFFFFFF00, 0x100));
            map.Add(new Reservation("first", 0x20000000, 0x100));
            return map;
        }

        [TestMethod]
        public void AnAddressBelongsToARegionFromItsFirstByteToItsLast()
        {
            MemoryMap map = Map();
            Assert.IsNull(map.FindRegion(0x1FFFFFFF));
            Assert.AreEqual("SRAM", map.FindRegion(0x20000000).Name);
            Assert.AreEqual("SRAM", map.FindRegion(0x20000FFF).Name);
            Assert.IsNull(map.FindRegion(0x20001000));
            Assert.IsNull(map.FindRegion(0xEFFFFFFF));
            Assert.AreEqual("TOP", map.FindRegion(0xFFFFFFFF).Name);
            Assert.IsNull(map.FindRegion(0));
        }

        [TestMethod]
        public void AReservationIsFoundByAddressAndByName()
        {
            MemoryMap map = Map();
            Assert.AreEqual("first", map.FindReservation(0x200000FF).Name);
            Assert.IsNull(map.FindReservation(0x20000100));
            Assert.AreEqual("last", map.FindReservation(0xFFFFFFFF).Name);
            Assert.IsNull(map.FindReservation(0xFFFFFEFF));
            Assert.AreEqual(0xFFFFFF00u, map.FindReservation("last").Start);
            Assert.IsNull(map.FindReservation("Last"));
        }

        [TestMethod]
        public void ARegionContainsWhatLiesWhollyInIt()
        {
            MemoryRegion top = Map().RegionAt(0);
            Assert.IsTrue(top.Contains(0xF0000000, 0x10000000));
            Assert.IsTrue(top.Contains(0xFFFFFFFF, 1));
            Assert.IsFalse(top.Contains(0xFFFFFFFF, 2));
            Assert.IsFalse(top.Contains(0xF0000001, 0x10000000));
            Assert.IsFalse(top.Contains(0xEFFFFFFF, 2));
            Assert.IsFalse(top.Contains(0xF0000000, 0xFFFFFFFF));
        }

        [TestMethod]
        public void NothingIsWithoutAName()
        {
            Assert.ThrowsException(typeof(ArgumentNullException), () => new MemoryMap(null, 4096));
            Assert.ThrowsException(typeof(ArgumentNullException), () => new MemoryRegion(null, MemoryKind.Sram, 0, 1, DmaEngines.None, 0));
            Assert.ThrowsException(typeof(ArgumentNullException), () => Map().Add(new Reservation(null, 0, 1)));
            Assert.ThrowsException(
                typeof(ArgumentNullException), () => new ZonePlan(null, ZoneKind.Normal, 0, 1, DmaEngines.None, PageMapKind.Runs));
        }

        [TestMethod]
        public void AddressesAreShownWithEightDigits()
        {
            Assert.AreEqual("0x00000000", HexText.Of(0));
            Assert.AreEqual("0x0009af00", HexText.Of(0x9AF00));
            Assert.AreEqual("0xffffffff", HexText.Of(0xFFFFFFFF));
            Assert.AreEqual("0xfffffff0-0xffffffff", HexText.OfSpan(0xFFFFFFF0, 16));
            Assert.AreEqual("0x00000000-0xfffffffe", HexText.OfSpan(0, 0xFFFFFFFF));
            Assert.AreEqual("0x00001000", HexText.OfSpan(0x1000, 0));
            Assert.AreEqual("80000000", HexText.Of(0x80000000).Substring(2));
        }
    }
}
