using System;
using Carveout.Board;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests
{
    /// <summary>Byte arrays at nominal addresses: access inside a bank works, and any other is refused and changes nothing.</summary>
    [TestClass]
    public class ManagedMemoryTests
    {
        private const uint Start = 0x10000000;

        private static PhysicalMemoryContract Contract(int size)
        {
            return new PhysicalMemoryContract(new ManagedMemory(Start, size), Start, size);
        }

        private static PhysicalMemoryContract Contract()
        {
            return Contract(PhysicalMemoryContract.Size);
        }

        [TestMethod]
        public void BanksHaveTheirSizesAndAddresses()
        {
            var memory = new ManagedMemory(Start, ManagedMemory.MaxBankSize + 1000);
            Assert.AreEqual(2, memory.BankCount);
            Assert.AreEqual(786364, memory.BankSizeAt(0));
            Assert.AreEqual(1000, memory.BankSizeAt(1));
            Assert.AreEqual(0x10000000u, memory.BankStartAt(0));
            Assert.AreEqual(0x10100000u, memory.BankStartAt(1));
        }

        [TestMethod]
        public void ASpanLiesInTheArrayOfItsBank()
        {
            var memory = new ManagedMemory(Start, ManagedMemory.MaxBankSize + 1000);
            Assert.IsTrue(memory.TryGetArray(Start + ManagedMemory.BankStride + 10, 990, out byte[] array, out int offset));
            Assert.AreEqual(1000, array.Length);
            Assert.AreEqual(10, offset);
            memory.WriteByte(Start + ManagedMemory.BankStride + 10, 7);
            Assert.AreEqual(7, (int)array[10]);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException),
                () => memory.TryGetArray(Start + ManagedMemory.BankStride + 10, 991, out array, out offset));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException),
                () => memory.TryGetArray(Start + ManagedMemory.MaxBankSize, 1, out array, out offset));
        }

        [TestMethod]
        public void WhatFillsABankIsOneBank()
        {
            Assert.AreEqual(1, new ManagedMemory(Start, ManagedMemory.MaxBankSize).BankCount);
            Assert.AreEqual(1, new ManagedMemory(Start, 1).BankSizeAt(0));
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(-1)]
        [DataRow(int.MinValue)]
        [DataRow(int.MaxValue)]
        [DataRow(256 * 786364 + 1)]
        public void ASizeThatNoHeapHasIsRefused(int size)
        {
            Exception thrown = Thrown.By(() => new ManagedMemory(0x00100000, size));
            Assert.IsInstanceOfType(thrown, typeof(ArgumentOutOfRangeException));
            Assert.Contains(size.ToString() + " bytes from 0x00100000: expected 1 byte to 256 banks, which end below 4 GiB", thrown.Message);
        }

        [TestMethod]
        public void TheLastBankMayEndAtFourGigabytesAndNoneBeyond()
        {
            var memory = new ManagedMemory(0xFFF00000, 100);
            memory.Fill(0xFFF00000, 100, 7);
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new ManagedMemory(0xFFF00000, ManagedMemory.MaxBankSize + 1));
        }

        [TestMethod]
        public void AStartThatIsNoMultipleOfTheStrideIsRefused()
        {
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new ManagedMemory(0, 4096));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new ManagedMemory(0x1000, 4096));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new ManagedMemory(0x10080000, 4096));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new ManagedMemory(0xFFFFFFFF, 4096));
        }

        [TestMethod]
        public void Numbers_have_their_lowest_byte_first_at_any_address()
        {
            Assert.AreEqual("", Contract().NumbersHaveTheirLowestByteFirstAtAnyAddress());
            Assert.AreEqual("", Contract().ANumberThatLeavesTheRegionIsRefused());
        }

        [TestMethod]
        public void FillSetsExactlyItsBytes()
        {
            Assert.AreEqual("", Contract().FillSetsExactlyItsBytes());
        }

        [TestMethod]
        public void FillTakesAWholeBank()
        {
            var memory = new ManagedMemory(Start, 100000);
            memory.Fill(Start, 100000, 0x5A);
            var contents = new byte[100000];
            memory.Read(Start, contents, 0, 100000);
            for (int i = 0; i < contents.Length; i++)
            {
                if (contents[i] != 0x5A)
                {
                    Assert.AreEqual(0x5A, (int)contents[i], "byte " + i.ToString());
                }
            }
        }

        [TestMethod]
        public void CopyIsRightWhereItsSpansOverlap()
        {
            Assert.AreEqual("", Contract().CopyIsRightWhereItsSpansOverlap());
        }

        [TestMethod]
        public void CopyGoesFromBankToBank()
        {
            var memory = new ManagedMemory(Start, ManagedMemory.MaxBankSize + 1000);
            memory.Write(Start, PhysicalMemoryContract.Pattern(1000), 0, 1000);
            memory.Copy(Start, Start + ManagedMemory.BankStride, 1000);
            byte[] read = new byte[1000], pattern = PhysicalMemoryContract.Pattern(1000);
            memory.Read(Start + ManagedMemory.BankStride, read, 0, 1000);
            for (int i = 0; i < 1000; i++)
            {
                if (read[i] != pattern[i])
                {
                    Assert.AreEqual(pattern[i], read[i], "byte " + i.ToString() + " of bank 1");
                }
            }
        }

        [TestMethod]
        public void ReadAndWriteKeepToTheirPartOfTheBuffer()
        {
            Assert.AreEqual("", Contract().ReadAndWriteKeepToTheirPartOfTheBuffer());
        }

        [TestMethod]
        public void ASpanThatLeavesItsBankIsRefused()
        {
            PhysicalMemoryContract memory = Contract(ManagedMemory.MaxBankSize + 1000);
            uint end = Start + ManagedMemory.MaxBankSize;
            byte[] buffer = new byte[512];
            for (int operation = 0; operation < PhysicalMemoryContract.Operations; operation++)
            {
                Assert.Contains("101 bytes at 0x100bff58 do not lie in bank 0 0x10000000-0x100bffbb",
                    memory.RefusalOf(operation, end - 100, 101, buffer));
                Assert.Contains("1 bytes at 0x100bffbc do not lie in bank 0 0x10000000-0x100bffbb",
                    memory.RefusalOf(operation, end, 1, buffer));
                Assert.Contains("0 bytes at 0x100fffff do not lie in bank 0 ", memory.RefusalOf(operation, 0x100FFFFF, 0, buffer));
                Assert.Contains("11 bytes at 0x101003de do not lie in bank 1 0x10100000-0x101003e7",
                    memory.RefusalOf(operation, 0x101003DE, 11, buffer));
                Assert.AreEqual("", memory.RefusalOf(operation, end - 100, 100, buffer));
            }
        }

        [TestMethod]
        [DataRow(-1)]
        [DataRow(-512)]
        [DataRow(int.MinValue)]
        [DataRow(int.MaxValue)]
        [DataRow(4501)]
        public void ALengthThatDoesNotFitIsRefusedAndNothingChanges(int length)
        {
            Assert.AreEqual("", Contract().IsRefusedAndNothingChanges(Start, length,
                length.ToString() + " bytes at 0x10000000 do not lie in bank 0 0x10000000-0x10001193"));
        }

        [TestMethod]
        public void AnAddressInNoBankIsRefusedAndNothingChanges()
        {
            PhysicalMemoryContract memory = Contract();
            Assert.AreEqual("", memory.IsRefusedAndNothingChanges(0, 1, "0x00000000 is in none of the 1 banks from 0x10000000"));
            Assert.AreEqual("", memory.IsRefusedAndNothingChanges(Start - 1, 1, "0x0fffffff is in none of the 1 banks from 0x10000000"));
            Assert.AreEqual("", memory.IsRefusedAndNothingChanges(Start + ManagedMemory.BankStride, 1,
                "0x10100000 is in none of the 1 banks from 0x10000000"));
            Assert.AreEqual("", memory.IsRefusedAndNothingChanges(0xFFFFFFFF, 1, "0xffffffff is in none of the 1 banks from 0x10000000"));
            Assert.AreEqual("", memory.IsRefusedAndNothingChanges(0xFFFFFFFF, 0, "0xffffffff is in none of the 1 banks from 0x10000000"));
        }

        [TestMethod]
        public void ALengthOfZeroIsAllowedAndChangesNothing()
        {
            Assert.AreEqual("", Contract().ALengthOfZeroIsAllowedAndChangesNothing());
        }

        [TestMethod]
        public void ABufferThatIsTooShortIsRefusedAndNothingChanges()
        {
            Assert.AreEqual("", Contract().ABufferThatIsTooShortIsRefusedAndNothingChanges());
        }

        [TestMethod]
        public void BanksOfAnySizesAreOneMemory()
        {
            var memory = new ManagedMemory(Start, new[] { new MemoryBank(300), new MemoryBank(4500), new MemoryBank(1) });
            Assert.AreEqual(3, memory.BankCount);
            Assert.IsTrue(memory.BankSizeAt(0) == 300 && memory.BankSizeAt(1) == 4500 && memory.BankSizeAt(2) == 1);
            var contract = new PhysicalMemoryContract(memory, memory.BankStartAt(1), 4500);
            Assert.AreEqual("", contract.ReadAndWriteKeepToTheirPartOfTheBuffer());
            Assert.AreEqual("", contract.IsRefusedAndNothingChanges(Start + 299, 2, "do not lie in bank 0"));
            Assert.AreEqual("", contract.IsRefusedAndNothingChanges(memory.BankStartAt(2), 2, "do not lie in bank 2"));
        }

        [TestMethod]
        public void RefusesBanksThatAreNone()
        {
            Assert.ThrowsException(typeof(ArgumentNullException), () => new ManagedMemory(Start, null));
            Assert.ThrowsException(typeof(ArgumentNullException), () => new ManagedMemory(Start, new MemoryBank[1]));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new ManagedMemory(Start, new MemoryBank[0]));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new ManagedMemory(0xFFF00000, new MemoryBank[2]));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new ManagedMemory(Start + 1, new[] { new MemoryBank(1) }));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new MemoryBank(0));
            Assert.ThrowsException(typeof(ArgumentOutOfRangeException), () => new MemoryBank(ManagedMemory.MaxBankSize + 1));
        }

        [TestMethod]
        public void NoBufferIsRefusedAndNothingChanges()
        {
            Assert.AreEqual("", Contract().NoBufferIsRefusedAndNothingChanges());
        }
    }
}
