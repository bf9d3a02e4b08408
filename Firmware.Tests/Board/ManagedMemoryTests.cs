using System;
using Carveout.Board;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests
{
    /// <summary>Byte arrays behind nominal addresses: what is in a bank works, what is not is refused and changes nothing.</summary>
    [TestClass]
    public class ManagedMemoryTests
    {
        private const uint Start = 0x10000000;
        private const int Filling = 0, CopyingFrom = 1, CopyingTo = 2, Reading = 3, Writing = 4, Cleaning = 5, Invalidating = 6,
            Operations = 7;

        /// <summary>Bytes that repeat with a period that is no power of two.</summary>
        private static byte[] Pattern(int size)
        {
            var bytes = new byte[size];
            for (int i = 0; i < size; i++)
            {
                bytes[i] = (byte)(i % 251);
            }
            return bytes;
        }

        private static ManagedMemory Patterned(int size)
        {
            var memory = new ManagedMemory(Start, size);
            memory.Write(Start, Pattern(size), 0, size);
            return memory;
        }

        private static byte[] Contents(ManagedMemory memory)
        {
            var bytes = new byte[memory.BankSize(0)];
            memory.Read(Start, bytes, 0, bytes.Length);
            return bytes;
        }

        private static void CheckSame(byte[] expected, byte[] actual, string message)
        {
            Assert.AreEqual(expected.Length, actual.Length, message);
            for (int i = 0; i < expected.Length; i++)
            {
                if (expected[i] != actual[i])
                {
                    Assert.AreEqual(expected[i], actual[i], message + ", byte " + i.ToString());
                }
            }
        }

        /// <returns>The message of the ArgumentOutOfRangeException, or nothing where there was none.</returns>
        private static string Refusal(ManagedMemory memory, int operation, uint address, int length, byte[] buffer)
        {
            try
            {
                switch (operation)
                {
                    case Filling: memory.Fill(address, length, 0xEE); break;
                    case CopyingFrom: memory.Copy(address, Start, length); break;
                    case CopyingTo: memory.Copy(Start, address, length); break;
                    case Reading: memory.Read(address, buffer, 0, length); break;
                    case Cleaning: memory.CleanCache(address, length); break;
                    case Invalidating: memory.InvalidateCache(address, length); break;
                    default: memory.Write(address, buffer, 0, length); break;
                }
            }
            catch (ArgumentOutOfRangeException e)
            {
                return e.Message;
            }
            return "";
        }

        private static void CheckRefused(ManagedMemory memory, uint address, int length, string expected)
        {
            byte[] before = Contents(memory), pattern = Pattern(512);
            for (int operation = 0; operation < Operations; operation++)
            {
                byte[] buffer = Pattern(512);
                string name = "operation " + operation.ToString() + ", " + length.ToString() + " bytes at " + HexText.Of(address);
                Assert.Contains(expected, Refusal(memory, operation, address, length, buffer), name);
                CheckSame(before, Contents(memory), name);
                CheckSame(pattern, buffer, name);
            }
        }

        [TestMethod]
        public void BanksHaveTheirSizesAndAddresses()
        {
            var memory = new ManagedMemory(Start, ManagedMemory.MaxBankSize + 1000);
            Assert.AreEqual(2, memory.BankCount);
            Assert.AreEqual(786364, memory.BankSize(0));
            Assert.AreEqual(1000, memory.BankSize(1));
            Assert.AreEqual(0x10000000u, memory.BankStart(0));
            Assert.AreEqual(0x10100000u, memory.BankStart(1));
        }

        [TestMethod]
        public void WhatFillsABankIsOneBank()
        {
            Assert.AreEqual(1, new ManagedMemory(Start, ManagedMemory.MaxBankSize).BankCount);
            Assert.AreEqual(1, new ManagedMemory(Start, 1).BankSize(0));
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
        public void FillSetsExactlyItsBytes()
        {
            const int Size = 4500, Before = 3;
            int[] powers = { 1, 2, 128, 256, 512, 768, 1024, 2048, 4096 };
            for (int i = 0; i < powers.Length; i++)
            {
                for (int length = powers[i] - 1; length <= powers[i] + 1; length++)
                {
                    ManagedMemory memory = Patterned(Size);
                    byte[] expected = Pattern(Size);
                    for (int j = 0; j < length; j++)
                    {
                        expected[Before + j] = 0xEE;
                    }
                    memory.Fill(Start + Before, length, 0xEE);
                    CheckSame(expected, Contents(memory), "fill of " + length.ToString());
                }
            }
        }

        [TestMethod]
        public void FillTakesAWholeBank()
        {
            var memory = new ManagedMemory(Start, 100000);
            memory.Fill(Start, 100000, 0x5A);
            byte[] contents = Contents(memory);
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
            const int Size = 1000, Length = 700;
            int[] distances = { -200, -1, 0, 1, 200 };
            for (int i = 0; i < distances.Length; i++)
            {
                ManagedMemory memory = Patterned(Size);
                byte[] expected = Pattern(Size), source = Pattern(Size);
                int from = 200, to = 200 + distances[i];
                to = to > Size - Length ? Size - Length : to;
                for (int j = 0; j < Length; j++)
                {
                    expected[to + j] = source[from + j];
                }
                memory.Copy(Start + (uint)from, Start + (uint)to, Length);
                CheckSame(expected, Contents(memory), "copy by " + distances[i].ToString());
            }
        }

        [TestMethod]
        public void CopyGoesFromBankToBank()
        {
            var memory = new ManagedMemory(Start, ManagedMemory.MaxBankSize + 1000);
            memory.Write(Start, Pattern(1000), 0, 1000);
            memory.Copy(Start, Start + ManagedMemory.BankStride, 1000);
            var read = new byte[1000];
            memory.Read(Start + ManagedMemory.BankStride, read, 0, 1000);
            CheckSame(Pattern(1000), read, "bank 1");
        }

        [TestMethod]
        public void ReadAndWriteKeepToTheirPartOfTheBuffer()
        {
            ManagedMemory memory = Patterned(1000);
            var buffer = new byte[100];
            memory.Read(Start + 500, buffer, 10, 80);
            byte[] expected = new byte[100];
            for (int i = 0; i < 80; i++)
            {
                expected[10 + i] = (byte)((500 + i) % 251);
            }
            CheckSame(expected, buffer, "read");

            memory.Write(Start + 20, buffer, 10, 80);
            byte[] contents = Pattern(1000);
            for (int i = 0; i < 80; i++)
            {
                contents[20 + i] = (byte)((500 + i) % 251);
            }
            CheckSame(contents, Contents(memory), "write");
        }

        [TestMethod]
        public void ASpanThatLeavesItsBankIsRefused()
        {
            var memory = new ManagedMemory(Start, ManagedMemory.MaxBankSize + 1000);
            uint end = Start + ManagedMemory.MaxBankSize;
            byte[] buffer = new byte[512];
            for (int operation = 0; operation < Operations; operation++)
            {
                Assert.Contains("101 bytes at 0x100bff58 do not lie in bank 0 0x10000000-0x100bffbb",
                    Refusal(memory, operation, end - 100, 101, buffer));
                Assert.Contains("1 bytes at 0x100bffbc do not lie in bank 0 0x10000000-0x100bffbb",
                    Refusal(memory, operation, end, 1, buffer));
                Assert.Contains("0 bytes at 0x100fffff do not lie in bank 0 ", Refusal(memory, operation, 0x100FFFFF, 0, buffer));
                Assert.Contains("11 bytes at 0x101003de do not lie in bank 1 0x10100000-0x101003e7",
                    Refusal(memory, operation, 0x101003DE, 11, buffer));
                Assert.AreEqual("", Refusal(memory, operation, end - 100, 100, buffer));
            }
        }

        [TestMethod]
        [DataRow(-1)]
        [DataRow(-512)]
        [DataRow(int.MinValue)]
        [DataRow(int.MaxValue)]
        [DataRow(513)]
        public void ALengthThatDoesNotFitIsRefusedAndNothingChanges(int length)
        {
            CheckRefused(Patterned(512), Start, length,
                length.ToString() + " bytes at 0x10000000 do not lie in bank 0 0x10000000-0x100001ff");
        }

        [TestMethod]
        public void AnAddressInNoBankIsRefusedAndNothingChanges()
        {
            ManagedMemory memory = Patterned(512);
            CheckRefused(memory, 0, 1, "0x00000000 is in none of the 1 banks from 0x10000000");
            CheckRefused(memory, Start - 1, 1, "0x0fffffff is in none of the 1 banks from 0x10000000");
            CheckRefused(memory, Start + ManagedMemory.BankStride, 1, "0x10100000 is in none of the 1 banks from 0x10000000");
            CheckRefused(memory, 0xFFFFFFFF, 1, "0xffffffff is in none of the 1 banks from 0x10000000");
            CheckRefused(memory, 0xFFFFFFFF, 0, "0xffffffff is in none of the 1 banks from 0x10000000");
        }

        [TestMethod]
        public void ALengthOfZeroIsAllowedAndChangesNothing()
        {
            ManagedMemory memory = Patterned(512);
            byte[] buffer = Pattern(512);
            for (int operation = 0; operation < Operations; operation++)
            {
                Assert.AreEqual("", Refusal(memory, operation, Start, 0, buffer));
                Assert.AreEqual("", Refusal(memory, operation, Start + 512, 0, buffer));
            }
            CheckSame(Pattern(512), Contents(memory), "memory");
            CheckSame(Pattern(512), buffer, "buffer");
        }

        [TestMethod]
        public void ABufferThatIsTooShortIsRefusedAndNothingChanges()
        {
            ManagedMemory memory = Patterned(512);
            byte[] buffer = Pattern(100);
            for (int i = 0; i < 4; i++)
            {
                // One byte too many; an offset behind the end; one before the start.
                int offset = i == 0 ? 1 : i == 1 ? 101 : i == 2 ? -1 : int.MaxValue;
                Assert.IsNotNull(Thrown.By(() => memory.Read(Start, buffer, offset, 100)), "offset " + offset.ToString());
                Assert.IsNotNull(Thrown.By(() => memory.Write(Start, buffer, offset, 100)), "offset " + offset.ToString());
                CheckSame(Pattern(100), buffer, "buffer");
                CheckSame(Pattern(512), Contents(memory), "memory");
            }
        }
    }
}
