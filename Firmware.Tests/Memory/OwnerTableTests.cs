using System;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    [TestClass]
    public class OwnerTableTests
    {
        [TestMethod]
        [DataRow(0)]
        [DataRow(4)]
        [DataRow(12)]
        [DataRow(131072)]
        public void Refuses_capacities_that_are_none(int capacity)
        {
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new OwnerTable(capacity));
        }

        [TestMethod]
        public void An_empty_table_finds_nothing()
        {
            var table = new OwnerTable(8);
            Assert.AreEqual(-1, table.Find(0xC0000000));
            Assert.AreEqual(-1, table.Find(0));
            Assert.AreEqual(0, table.Count);
            Assert.AreEqual(8 * 13, table.MetadataSize);
        }
    }
}
