using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    [TestClass]
    public class FindingLogTests
    {
        [TestMethod]
        [DataRow(0)]
        [DataRow(-1)]
        [DataRow(4097)]
        public void Refuses_capacities_that_are_none(int capacity)
        {
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new FindingLog(capacity));
        }

        [TestMethod]
        public void An_empty_log_has_no_finding()
        {
            var log = new FindingLog(3);
            Assert.AreEqual(3, log.Capacity);
            Assert.AreEqual(0, log.Count);
            Assert.AreEqual(0, log.Total);
            Exception e = Thrown.By(() => log.AddressAt(0));
            Assert.IsTrue(e is ArgumentOutOfRangeException);
            Assert.Contains("finding 0", e.Message);
            Assert.AreEqual("0 findings\n", FindingText.ToText(log, PageTestZones.OneZone(1)));
        }

        [TestMethod]
        public void The_latest_findings_stay_in_their_order()
        {
            var log = new FindingLog(3);
            PageAllocator allocator = Found(log, 5);
            Assert.AreEqual(5, log.Total);
            Assert.AreEqual(3, log.Count);
            Assert.AreEqual(2, log.Overwritten);
            for (int i = 0; i < 3; i++)
            {
                Assert.AreEqual(3 + i, log.SequenceAt(i));
                Assert.AreEqual(0x10000000u + (uint)(2 + i) * 4096, log.AddressAt(i));
                Assert.AreEqual(2 + i, log.OffsetAt(i));
            }
            string text = FindingText.ToText(log, allocator);
            Assert.StartsWith("#3 poison overwritten: page 0x10002000 (4096 bytes, last owner 'unknown'), offset 2: expected aa, found 00 aa", text);
            Assert.EndsWith("5 findings, the oldest 2 of them overwritten by later ones\n", text);
            Assert.IsTrue(Thrown.By(() => log.KindAt(3)) is ArgumentOutOfRangeException);
            Assert.IsTrue(Thrown.By(() => log.SequenceAt(-1)) is ArgumentOutOfRangeException);
        }

        [TestMethod]
        public void A_cleared_log_begins_anew()
        {
            var log = new FindingLog(2);
            Found(log, 3);
            log.Clear();
            Assert.AreEqual(0, log.Count);
            Assert.AreEqual(0, log.Overwritten);
            Found(log, 1);
            Assert.AreEqual(1, log.Count);
            Assert.AreEqual(1, log.SequenceAt(0));
            Assert.AreEqual(0x10000000u, log.AddressAt(0));
        }

        /// <summary>One finding in each of so many pages: in page i, byte i is 0.</summary>
        private static PageAllocator Found(FindingLog log, int findings)
        {
            PageAllocator allocator = PageHardeningTests.New(8, out ManagedMemory memory);
            allocator.Harden(new PageHardening(log, true, true, 0));
            uint address = allocator.AllocPages(GfpFlags.Dma, 3, 0);
            allocator.FreePages(address);
            for (int i = 0; i < findings; i++)
            {
                PageHardeningTests.Write(memory, address + (uint)i * 4097, 0);
            }
            allocator.AllocPages(GfpFlags.Dma, 3, 0);
            return allocator;
        }
    }
}
