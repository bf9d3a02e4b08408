using System;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>Scatter lists cut into DMA descriptors.</summary>
    [TestClass]
    public class ScatterDescriptorTests
    {
        private static ScatterList s_list;
        private static DescriptorChain s_chain;

        [TestMethod]
        public void Cuts_entries_at_the_maximum_length()
        {
            s_list = new ScatterList(4);
            s_list.Append(0xC0001000, 3 * 4092);
            s_list.Append(0xD0000004, 4);
            s_list.Append(0xC0008000, 4096);
            s_chain = new DescriptorChain(6, 4092, 4);
            Assert.IsTrue(s_chain.Build(s_list));
            Assert.AreEqual(6, s_chain.Count);
            Descriptor(0, 0xC0001000, 4092);
            Descriptor(1, 0xC0001000 + 4092, 4092);
            Descriptor(2, 0xC0001000 + 2 * 4092, 4092);
            Descriptor(3, 0xD0000004, 4);
            Descriptor(4, 0xC0008000, 4092);
            Descriptor(5, 0xC0008000 + 4092, 4);
            Assert.AreEqual(3L * 4092 + 4 + 4096, s_chain.TotalLength);
        }

        [TestMethod]
        [DataRow(4095, 4, 4092)]
        [DataRow(4092, 4, 4092)]
        [DataRow(4095, 64, 4032)]
        [DataRow(4095, 1, 4095)]
        [DataRow(5, 4, 4)]
        [DataRow(int.MaxValue, 4096, 0x7FFFF000)]
        public void The_length_used_is_a_multiple_of_the_alignment(int maxLength, int alignment, int used)
        {
            var chain = new DescriptorChain(2, maxLength, alignment);
            Assert.AreEqual(used, chain.MaxLength);
            Assert.AreEqual(alignment, chain.Alignment);
            Assert.AreEqual(2, chain.Capacity);
        }

        [TestMethod]
        public void An_engine_that_does_not_mind_takes_odd_bytes()
        {
            s_list = new ScatterList(2);
            s_list.Append(0x1001, 9);
            s_chain = new DescriptorChain(3, 4, 1);
            Assert.AreEqual(-1, s_chain.FindUnaligned(s_list));
            Assert.IsTrue(s_chain.Build(s_list));
            Descriptor(0, 0x1001, 4);
            Descriptor(1, 0x1005, 4);
            Descriptor(2, 0x1009, 1);
        }

        [TestMethod]
        [DataRow(0x2002u, 8)]
        [DataRow(0x2000u, 6)]
        [DataRow(0x2001u, 1)]
        public void Refuses_an_entry_that_cannot_be_aligned(uint address, int length)
        {
            s_chain = new DescriptorChain(4, 4092, 4);
            s_list = new ScatterList(2);
            s_list.Append(0x1000, 16);
            s_chain.Build(s_list);
            s_list.Append(address, length);
            Assert.AreEqual(1, s_chain.FindUnaligned(s_list));
            Exception e = Thrown.By(() => s_chain.Build(s_list));
            Assert.IsTrue(e.GetType() == typeof(ArgumentException));
            Assert.Contains("entry 1, " + length.ToString() + " bytes at 0x0000200", e.Message);
            Assert.Contains("multiples of 4", e.Message);
            Assert.AreEqual(1, s_chain.Count);
            Assert.AreEqual(16L, s_chain.TotalLength);
        }

        [TestMethod]
        public void A_chain_that_does_not_fit_is_not_half_built()
        {
            s_chain = new DescriptorChain(2, 4092, 4);
            s_list = new ScatterList(3);
            s_list.Append(0x1000, 16);
            Assert.IsTrue(s_chain.Build(s_list));
            s_list.Append(0x4000, 4096);
            Assert.IsFalse(s_chain.Build(s_list));
            Assert.AreEqual(1, s_chain.Count);
            Descriptor(0, 0x1000, 16);
            Assert.AreEqual(16L, s_chain.TotalLength);
            s_list.Clear();
            s_list.Append(1, int.MaxValue - 1);
            s_list.Append(0x80000000, int.MaxValue);
            Assert.IsFalse(new DescriptorChain(2, 1, 1).Build(s_list), "a number of descriptors beyond 31 bits");
        }

        [TestMethod]
        public void An_empty_list_is_an_empty_chain()
        {
            s_chain = new DescriptorChain(2, 4092, 4);
            s_list = new ScatterList(1);
            s_list.Append(0x1000, 16);
            s_chain.Build(s_list);
            s_list.Clear();
            Assert.IsTrue(s_chain.Build(s_list));
            Assert.AreEqual(0, s_chain.Count);
            Assert.AreEqual(0L, s_chain.TotalLength);
        }

        [TestMethod]
        public void Ends_at_the_last_address()
        {
            s_chain = new DescriptorChain(2, 4092, 4);
            s_list = new ScatterList(1);
            s_list.Append(0xFFFFF000, 4096);
            Assert.IsTrue(s_chain.Build(s_list));
            Descriptor(1, 0xFFFFFFFC, 4);
        }

        [TestMethod]
        [DataRow(0, 4092, 4)]
        [DataRow(-1, 4092, 4)]
        [DataRow(65537, 4092, 4)]
        [DataRow(2, 4092, 0)]
        [DataRow(2, 4092, 3)]
        [DataRow(2, 4092, int.MinValue)]
        [DataRow(2, 0, 1)]
        [DataRow(2, 3, 4)]
        [DataRow(2, -4092, 4)]
        public void Refuses_numbers_that_no_engine_has(int capacity, int maxLength, int alignment)
        {
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new DescriptorChain(capacity, maxLength, alignment));
        }

        [TestMethod]
        public void Refuses_descriptors_and_lists_that_are_none()
        {
            s_chain = new DescriptorChain(2, 4092, 4);
            Assert.ThrowsException(typeof(ArgumentNullException), () => s_chain.Build(null));
            Assert.ThrowsException(typeof(ArgumentNullException), () => s_chain.FindUnaligned(null));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_chain.AddressAt(0));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => s_chain.LengthAt(-1));
        }

        private static void Descriptor(int index, uint address, int length)
        {
            Assert.AreEqual(address, s_chain.AddressAt(index));
            Assert.AreEqual(length, s_chain.LengthAt(index));
        }
    }
}
