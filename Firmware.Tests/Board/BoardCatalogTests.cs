using System;
using Carveout.Board;
using Carveout.Board.Boards;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests
{
    /// <summary>The maps of all shipped boards have no faults, however their memory is divided.</summary>
    [TestClass]
    public class BoardCatalogTests
    {
        private const int Page = MemoryMap.DefaultPageSize;

        private static MemoryMap Single(string name, int poolSize)
        {
            return BoardCatalog.Create(name, ZoneLayout.Single, PageMapKind.FreeBlocks, poolSize);
        }

        [TestMethod]
        public void A_board_by_its_type_is_the_board_by_its_name()
        {
            AssertSame(Esp32Cam.Create(), Esp32Cam.Name);
            AssertSame(Esp32S3.Create(), Esp32S3.Name);
            AssertSame(Stm32F429Disco.Create(), Stm32F429Disco.Name);
            AssertSame(Stm32F746.Create(), Stm32F746.Name);
            AssertSame(Stm32F769Disco.Create(), Stm32F769Disco.Name);
            AssertSame(Stm32H743.Create(), Stm32H743.Name);
            AssertSame(Imx31Reference.Create(), Imx31Reference.Name);
            Assert.AreEqual(2, Stm32F429Disco.Create(ZoneLayout.Split).ZoneCount);
        }

        private static void AssertSame(MemoryMap map, string name)
        {
            MemoryMap named = BoardCatalog.Create(name);
            Assert.AreEqual(name, map.Name);
            Assert.AreEqual(named.RegionCount, map.RegionCount);
            Assert.AreEqual(named.ReservationCount, map.ReservationCount);
            Assert.AreEqual(named.ZoneCount, map.ZoneCount);
            for (int i = 0; i < map.ZoneCount; i++)
            {
                Assert.AreEqual(named.ZoneAt(i).Start, map.ZoneAt(i).Start);
                Assert.AreEqual(named.ZoneAt(i).Size, map.ZoneAt(i).Size);
                Assert.AreEqual((int)named.ZoneAt(i).Map, (int)map.ZoneAt(i).Map);
            }
        }

        [TestMethod]
        public void TheNamesAreThoseOfTheDocuments()
        {
            string[] expected =
            {
                "esp32cam", "esp32s3", "stm32f429-disco", "stm32f746", "stm32f769-disco", "stm32h743", "imx31-reference",
            };
            string[] names = BoardCatalog.Names();
            Assert.AreEqual(expected.Length, names.Length);
            for (int i = 0; i < names.Length; i++)
            {
                Assert.AreEqual(expected[i], names[i]);
                Assert.AreEqual(expected[i], Single(names[i], 0).Name);
            }
        }

        [TestMethod]
        public void EveryBoardIsWithoutFaultsHoweverItIsDivided()
        {
            string[] names = BoardCatalog.Names();
            int[] pools = { 0, 1, 4095, 4096, 4097, 38400 };
            for (int i = 0; i < names.Length; i++)
            {
                for (int pages = 0; pages <= (int)PageMapKind.Runs; pages++)
                {
                    for (int j = 0; j < pools.Length; j++)
                    {
                        AssertNoFault(BoardCatalog.Create(names[i], ZoneLayout.Single, (PageMapKind)pages, pools[j]));
                        AssertNoFault(BoardCatalog.Create(names[i], ZoneLayout.Split, (PageMapKind)pages, pools[j]));
                    }
                }
            }
        }

        private static void AssertNoFault(MemoryMap map)
        {
            MapFault[] faults = map.Validate();
            Assert.AreEqual("", faults.Length == 0 ? "" : map.Name + ": " + faults[0].Text);
        }

        [TestMethod]
        public void ZonesBeginAndEndOnPagesAndHaveTheMapAskedFor()
        {
            string[] names = BoardCatalog.Names();
            for (int i = 0; i < names.Length; i++)
            {
                MemoryMap map = BoardCatalog.Create(names[i], ZoneLayout.Split, PageMapKind.Runs, 5000);
                for (int j = 0; j < map.ZoneCount; j++)
                {
                    ZonePlan zone = map.ZoneAt(j);
                    Assert.AreEqual(0u, zone.Start % Page, names[i]);
                    Assert.AreEqual(0u, zone.Size % Page, names[i]);
                    Assert.IsTrue(zone.Size > 0, names[i]);
                    Assert.AreEqual((int)PageMapKind.Runs, (int)zone.Map, names[i]);
                }
            }
        }

        [TestMethod]
        public void SingleIsOneZoneAndSplitIsOneOfEachKind()
        {
            string[] names = BoardCatalog.Names();
            for (int i = 0; i < names.Length; i++)
            {
                Assert.AreEqual(1, Single(names[i], 0).ZoneCount, names[i]);
                MemoryMap map = BoardCatalog.Create(names[i], ZoneLayout.Split, PageMapKind.FreeBlocks, 0);
                Assert.AreEqual(2, map.ZoneCount, names[i]);
                Assert.AreEqual((int)ZoneKind.Dma, (int)map.ZoneAt(0).Kind, names[i]);
                Assert.AreEqual((int)ZoneKind.Normal, (int)map.ZoneAt(1).Kind, names[i]);
            }
        }

        [TestMethod]
        public void ThePoolIsRoundedUpToPagesAndTakenFromTheTop()
        {
            string[] names = BoardCatalog.Names();
            for (int i = 0; i < names.Length; i++)
            {
                ZonePlan whole = Single(names[i], 0).ZoneAt(0);
                Assert.IsNull(Single(names[i], 0).FindReservation(BoardCatalog.PoolName), names[i]);
                MemoryMap map = Single(names[i], 4097);
                Reservation pool = map.FindReservation(BoardCatalog.PoolName);
                Assert.AreEqual(8192u, pool.Size, names[i]);
                Assert.AreEqual(whole.Start + (whole.Size - 8192), pool.Start, names[i]);
                Assert.AreEqual(whole.Size - 8192, map.ZoneAt(0).Size, names[i]);
            }
        }

        [TestMethod]
        public void ThePoolMayTakeAllButOnePage()
        {
            string[] names = BoardCatalog.Names();
            for (int i = 0; i < names.Length; i++)
            {
                uint size = Single(names[i], 0).ZoneAt(0).Size;
                MemoryMap map = Single(names[i], (int)size - Page);
                Assert.AreEqual((uint)Page, map.ZoneAt(0).Size, names[i]);
                AssertNoFault(map);
                AssertNoFault(BoardCatalog.Create(names[i], ZoneLayout.Split, PageMapKind.Runs, (int)size - Page));
                CheckPoolRefused(names[i], (int)size - Page + 1);
            }
        }

        [TestMethod]
        [DataRow(-1)]
        [DataRow(int.MinValue)]
        [DataRow(int.MaxValue)]
        public void APoolThatNoBoardHoldsIsRefused(int poolSize)
        {
            string[] names = BoardCatalog.Names();
            for (int i = 0; i < names.Length; i++)
            {
                CheckPoolRefused(names[i], poolSize);
            }
        }

        private static void CheckPoolRefused(string name, int poolSize)
        {
            ZonePlan whole = Single(name, 0).ZoneAt(0);
            Exception thrown = Thrown.By(() => Single(name, poolSize));
            Assert.IsInstanceOfType(thrown, typeof(ArgumentOutOfRangeException));
            Assert.Contains(poolSize.ToString() + " bytes of pool: " + name + " has " + whole.Size.ToString() + " bytes at "
                + HexText.Of(whole.Start) + ", of which one page must stay for the zones", thrown.Message);
        }

        [TestMethod]
        [DataRow("esp32")]
        [DataRow("ESP32CAM")]
        [DataRow("")]
        public void AnUnknownNameIsRefusedWithAllThatAreKnown(string name)
        {
            Exception thrown = Thrown.By(() => Single(name, 0));
            Assert.IsInstanceOfType(thrown, typeof(ArgumentException));
            Assert.Contains("no board is called '" + name + "'; there are esp32cam, esp32s3, stm32f429-disco, stm32f746, stm32f769-disco, "
                + "stm32h743, imx31-reference", thrown.Message);
        }
    }
}
