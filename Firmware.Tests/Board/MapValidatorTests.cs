using Carveout.Board;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests
{
    /// <summary>A map is judged as a whole: every fault is named with its numbers, and a good map has none.</summary>
    [TestClass]
    public class MapValidatorTests
    {
        /// <summary>64 KB of cached SRAM and 64 KB that no DMA engine reaches.</summary>
        private static MemoryMap Chip()
        {
            var map = new MemoryMap("chip", 4096);
            map.Add(new MemoryRegion("SRAM", MemoryKind.Sram, 0x20000000, 0x10000, DmaEngines.General, 32));
            map.Add(new MemoryRegion("CCM", MemoryKind.CoreCoupled, 0x10000000, 0x10000, DmaEngines.None, 0));
            return map;
        }

        private static ZonePlan Normal(string name, uint start, uint size)
        {
            return new ZonePlan(name, ZoneKind.Normal, start, size, DmaEngines.None, PageMapKind.FreeBlocks);
        }

        private static ZonePlan Dma(uint start, uint size, DmaEngines engines)
        {
            return new ZonePlan("DMA", ZoneKind.Dma, start, size, engines, PageMapKind.Runs);
        }

        private static void AssertNoFault(MemoryMap map)
        {
            MapFault[] faults = map.Validate();
            Assert.AreEqual("", faults.Length == 0 ? "" : faults[0].Text);
        }

        private static void AssertOnly(MemoryMap map, MapFaultKind kind, string text)
        {
            MapFault[] faults = map.Validate();
            Assert.AreEqual(text, faults.Length == 0 ? "no faults" : faults[0].Text);
            Assert.AreEqual((int)kind, (int)faults[0].Kind);
            Assert.AreEqual("", faults.Length == 1 ? "" : faults[1].Text);
        }

        [TestMethod]
        public void AGoodMapHasNoFault()
        {
            MemoryMap map = Chip();
            map.Add(new Reservation("heap", 0x20000000, 0x4000));
            map.Add(new Reservation("pool", 0x2000C000, 0x4000));
            map.Add(Dma(0x20004000, 0x4000, DmaEngines.General));
            map.Add(Normal("NORMAL", 0x20008000, 0x4000));
            map.Add(Normal("FAST", 0x10000000, 0x10000));
            AssertNoFault(map);
        }

        [TestMethod]
        public void AnEmptyMapHasNoFault()
        {
            AssertNoFault(new MemoryMap("nothing", 4096));
        }

        [TestMethod]
        public void EntriesThatTouchDoNotOverlap()
        {
            var map = new MemoryMap("touching", 256);
            map.Add(new MemoryRegion("A", MemoryKind.Sram, 0x20000000, 0x1000, DmaEngines.General, 0));
            map.Add(new MemoryRegion("B", MemoryKind.Sram, 0x20001000, 0x1000, DmaEngines.General, 0));
            map.Add(new MemoryRegion("below A", MemoryKind.Sram, 0x1FFFF000, 0x1000, DmaEngines.General, 0));
            map.Add(new Reservation("last of A", 0x20000F00, 0x100));
            map.Add(new Reservation("first of B", 0x20001000, 0x100));
            map.Add(Normal("N", 0x20000E00, 0x100));
            map.Add(Normal("M", 0x20001100, 0x100));
            AssertNoFault(map);
        }

        [TestMethod]
        public void TheLastByteOfFourGigabytesBelongsToTheMap()
        {
            var map = new MemoryMap("top", 4096);
            map.Add(new MemoryRegion("TOP", MemoryKind.Sdram, 0xC0000000, 0x40000000, DmaEngines.General, 0));
            map.Add(new Reservation("last", 0xFFFFF000, 0x1000));
            map.Add(Dma(0xFFFFE000, 0x1000, DmaEngines.General));
            AssertNoFault(map);
        }

        [TestMethod]
        public void AnEndBeyondFourGigabytesIsAFault()
        {
            var map = new MemoryMap("beyond", 4096);
            map.Add(new MemoryRegion("TOP", MemoryKind.Sdram, 0xC0000000, 0x40000001, DmaEngines.General, 0));
            AssertOnly(map, MapFaultKind.Overflow,
                "region TOP at 0xc0000000 (1073741825 bytes) ends beyond the 32-bit address space: "
                    + "at most 1073741823 bytes fit after its first");
            map = Chip();
            map.Add(new Reservation("all", 0x20000000, 0xFFFFFFFF));
            AssertOnly(map, MapFaultKind.Overflow,
                "reservation all at 0x20000000 (4294967295 bytes) ends beyond the 32-bit address space: "
                    + "at most 3758096383 bytes fit after its first");
        }

        [TestMethod]
        public void AFaultNeverShowsAnEndThatWrappedAround()
        {
            var map = new MemoryMap("wrapped", 4096);
            map.Add(new MemoryRegion("TOP", MemoryKind.Sdram, 0xF0000000, 0x20000000, DmaEngines.None, 0));
            map.Add(Dma(0xF0000000, 0x1000, DmaEngines.General));
            MapFault[] faults = map.Validate();
            Assert.AreEqual(2, faults.Length);
            Assert.AreEqual(
                "zone DMA 0xf0000000-0xf0000fff (4096 bytes) serves general DMA, "
                    + "but region TOP at 0xf0000000 is reached by no DMA engine",
                faults[1].Text);
        }

        [TestMethod]
        [DataRow(0)]
        [DataRow(-4096)]
        [DataRow(128)]
        [DataRow(255)]
        [DataRow(4097)]
        [DataRow(131072)]
        [DataRow(int.MinValue)]
        [DataRow(int.MaxValue)]
        public void APageSizeThatIsNoneIsAFault(int pageSize)
        {
            // The map has a zone, which must not be measured in pages of this size.
            var map = new MemoryMap("pages", pageSize);
            map.Add(new MemoryRegion("SRAM", MemoryKind.Sram, 0x20000000, 0x10000, DmaEngines.General, 0));
            map.Add(Normal("NORMAL", 0x20000000, 0x10000));
            AssertOnly(map, MapFaultKind.PageSize, "page size " + pageSize.ToString() + ": expected a power of two from 256 to 65536");
        }

        [TestMethod]
        [DataRow(256)]
        [DataRow(4096)]
        [DataRow(65536)]
        public void APageSizeOfTheRangeIsNone(int pageSize)
        {
            var map = new MemoryMap("pages", pageSize);
            map.Add(new MemoryRegion("SRAM", MemoryKind.Sram, 0x20000000, 0x10000, DmaEngines.General, 0));
            map.Add(Normal("NORMAL", 0x20000000, 0x10000));
            AssertNoFault(map);
        }

        [TestMethod]
        public void NamesAreUniqueAmongTheirKind()
        {
            MemoryMap map = Chip();
            map.Add(new Reservation("DMA", 0x20000000, 0x1000));
            map.Add(Dma(0x20001000, 0x1000, DmaEngines.General));
            AssertNoFault(map);

            map.Add(new Reservation("DMA", 0x20002000, 0x1000));
            AssertOnly(map, MapFaultKind.DuplicateName, "two entries are called reservation DMA");

            map = Chip();
            map.Add(new MemoryRegion("CCM", MemoryKind.Sram, 0x30000000, 0x1000, DmaEngines.None, 0));
            AssertOnly(map, MapFaultKind.DuplicateName, "two entries are called region CCM");

            map = Chip();
            map.Add(Normal("N", 0x20000000, 0x1000));
            map.Add(Normal("N", 0x20001000, 0x1000));
            AssertOnly(map, MapFaultKind.DuplicateName, "two entries are called zone N");
        }

        [TestMethod]
        public void WhatHasNoBytesIsAFault()
        {
            MemoryMap map = Chip();
            map.Add(new MemoryRegion("Z", MemoryKind.Sram, 0x30000000, 0, DmaEngines.None, 0));
            AssertOnly(map, MapFaultKind.ZeroSize, "region Z at 0x30000000 (0 bytes) has size 0");
            map = Chip();
            map.Add(new Reservation("z", 0x20000000, 0));
            AssertOnly(map, MapFaultKind.ZeroSize, "reservation z at 0x20000000 (0 bytes) has size 0");
            map = Chip();
            map.Add(Dma(0x20000000, 0, DmaEngines.General));
            AssertOnly(map, MapFaultKind.ZeroSize, "zone DMA at 0x20000000 (0 bytes) has size 0");
        }

        [TestMethod]
        public void WhatHasNoBytesOverlapsNothing()
        {
            MemoryMap map = Chip();
            map.Add(new MemoryRegion("Z", MemoryKind.Sram, 0x20000100, 0, DmaEngines.None, 0));
            AssertOnly(map, MapFaultKind.ZeroSize, "region Z at 0x20000100 (0 bytes) has size 0");
            map = Chip();
            map.Add(new Reservation("z", 0x20000100, 0));
            map.Add(Normal("N", 0x20000000, 0x1000));
            AssertOnly(map, MapFaultKind.ZeroSize, "reservation z at 0x20000100 (0 bytes) has size 0");
        }

        [TestMethod]
        public void RegionsThatShareAddressesAreAFault()
        {
            MemoryMap map = Chip();
            map.Add(new MemoryRegion("X", MemoryKind.Sram, 0x2000FFFF, 0x100, DmaEngines.General, 0));
            AssertOnly(map, MapFaultKind.Overlap,
                "region X 0x2000ffff-0x200100fe (256 bytes) overlaps region SRAM 0x20000000-0x2000ffff (65536 bytes): "
                    + "they share 1 bytes from 0x2000ffff");
            map = Chip();
            map.Add(new MemoryRegion("X", MemoryKind.Sram, 0x1FFFFF00, 0x101, DmaEngines.General, 0));
            AssertOnly(map, MapFaultKind.Overlap,
                "region X 0x1fffff00-0x20000000 (257 bytes) overlaps region SRAM 0x20000000-0x2000ffff (65536 bytes): "
                    + "they share 1 bytes from 0x20000000");
        }

        [TestMethod]
        public void ReservationsThatShareAddressesAreAFault()
        {
            MemoryMap map = Chip();
            map.Add(new Reservation("outer", 0x20000000, 0x1000));
            map.Add(new Reservation("inner", 0x20000100, 0x40));
            AssertOnly(map, MapFaultKind.Overlap,
                "reservation inner 0x20000100-0x2000013f (64 bytes) overlaps reservation outer 0x20000000-0x20000fff (4096 bytes): "
                    + "they share 64 bytes from 0x20000100");
        }

        [TestMethod]
        public void ZonesThatShareAddressesAreAFault()
        {
            MemoryMap map = Chip();
            map.Add(Normal("N", 0x20000000, 0x3000));
            map.Add(Dma(0x20002000, 0x3000, DmaEngines.General));
            AssertOnly(map, MapFaultKind.Overlap,
                "zone DMA 0x20002000-0x20004fff (12288 bytes) overlaps zone N 0x20000000-0x20002fff (12288 bytes): "
                    + "they share 4096 bytes from 0x20002000");
        }

        [TestMethod]
        public void MemoryThatTheChipDoesNotHaveIsAFault()
        {
            MemoryMap map = Chip();
            map.Add(new Reservation("behind", 0x20010000, 0x20));
            AssertOnly(map, MapFaultKind.OutOfChip,
                "reservation behind 0x20010000-0x2001001f (32 bytes) lies where the chip has no memory: "
                    + "region SRAM 0x20000000-0x2000ffff (65536 bytes) ends before it");
            map = Chip();
            map.Add(Normal("N", 0x10010000, 0x1000));
            AssertOnly(map, MapFaultKind.OutOfChip,
                "zone N 0x10010000-0x10010fff (4096 bytes) lies where the chip has no memory: "
                    + "region CCM 0x10000000-0x1000ffff (65536 bytes) ends before it");
            map = Chip();
            map.Add(new Reservation("low", 0x1000, 0x20));
            AssertOnly(map, MapFaultKind.OutOfChip,
                "reservation low 0x00001000-0x0000101f (32 bytes) lies where the chip has no memory: no region begins below it");
        }

        [TestMethod]
        public void MemoryThatIsPartlyOutsideIsAFault()
        {
            MemoryMap map = Chip();
            map.Add(new Reservation("over", 0x2000FFE0, 0x40));
            AssertOnly(map, MapFaultKind.OutOfChip,
                "reservation over 0x2000ffe0-0x2001001f (64 bytes) does not lie inside one region: "
                    + "region SRAM 0x20000000-0x2000ffff (65536 bytes) holds only a part of it");
            map = Chip();
            map.Add(Dma(0x1FFFF000, 0x2000, DmaEngines.General));
            AssertOnly(map, MapFaultKind.OutOfChip,
                "zone DMA 0x1ffff000-0x20000fff (8192 bytes) does not lie inside one region: "
                    + "region SRAM 0x20000000-0x2000ffff (65536 bytes) holds only a part of it");
        }

        [TestMethod]
        public void AnEntryOverTwoRegionsIsAFaultWhereTheyDiffer()
        {
            Assert.AreEqual(0, FaultsOver(new MemoryRegion("B", MemoryKind.Sram, 0x20001000, 0x1000, DmaEngines.General, 0)));
            Assert.AreEqual(1, FaultsOver(new MemoryRegion("B", MemoryKind.Sram, 0x20001000, 0x1000, DmaEngines.Bdma, 0)));
            Assert.AreEqual(1, FaultsOver(new MemoryRegion("B", MemoryKind.Sram, 0x20001000, 0x1000, DmaEngines.General, 32)));
            Assert.AreEqual(1, FaultsOver(new MemoryRegion("B", MemoryKind.Sram, 0x20001000, 0x1000, DmaEngines.General, 0, 0x30000000)));
            Assert.AreEqual(1, FaultsOver(new MemoryRegion("B", MemoryKind.Sram, 0x20001010, 0x1000, DmaEngines.General, 0)));
        }

        private static int FaultsOver(MemoryRegion second)
        {
            var map = new MemoryMap("touching", 4096);
            map.Add(second);
            map.Add(new MemoryRegion("A", MemoryKind.Sram, 0x20000000, 0x1000, DmaEngines.General, 0));
            map.Add(Normal("N", 0x20000000, 0x2000));
            MapFault[] faults = map.Validate();
            for (int i = 0; i < faults.Length; i++)
            {
                Assert.AreEqual((int)MapFaultKind.OutOfChip, (int)faults[i].Kind);
            }
            return faults.Length;
        }

        [TestMethod]
        public void AZoneBeginsAndEndsOnAPage()
        {
            MemoryMap map = Chip();
            map.Add(Normal("N", 0x20000100, 0x1000));
            AssertOnly(map, MapFaultKind.Misaligned,
                "zone N 0x20000100-0x200010ff (4096 bytes) does not begin and end on a page of 4096 bytes");
            map = Chip();
            map.Add(Normal("N", 0x20001000, 0x1001));
            AssertOnly(map, MapFaultKind.Misaligned,
                "zone N 0x20001000-0x20002000 (4097 bytes) does not begin and end on a page of 4096 bytes");
        }

        [TestMethod]
        public void AReservationInCachedMemoryHasItsCacheLinesForItself()
        {
            MemoryMap map = Chip();
            map.Add(new Reservation("start", 0x20000010, 0x20));
            AssertOnly(map, MapFaultKind.Misaligned,
                "reservation start 0x20000010-0x2000002f (32 bytes) shares a cache line with its neighbour: "
                    + "region SRAM wants start and size in multiples of 32 bytes");
            map = Chip();
            map.Add(new Reservation("size", 0x20000020, 0x21));
            AssertOnly(map, MapFaultKind.Misaligned,
                "reservation size 0x20000020-0x20000040 (33 bytes) shares a cache line with its neighbour: "
                    + "region SRAM wants start and size in multiples of 32 bytes");
            map = Chip();
            map.Add(new Reservation("uncached", 0x10000001, 0x21));
            AssertNoFault(map);
        }

        [TestMethod]
        [DataRow(-32)]
        [DataRow(1)]
        [DataRow(48)]
        [DataRow(512)]
        [DataRow(int.MinValue)]
        [DataRow(int.MaxValue)]
        public void ACacheLineThatIsNoneIsAFault(int cacheLine)
        {
            // The map has a reservation, which must not be measured in lines of this length.
            var map = new MemoryMap("lines", 4096);
            map.Add(new MemoryRegion("R", MemoryKind.Sram, 0x20000000, 0x1000, DmaEngines.General, cacheLine));
            map.Add(new Reservation("odd", 0x20000001, 0x21));
            AssertOnly(map, MapFaultKind.CacheLine, "region R 0x20000000-0x20000fff (4096 bytes) has cache lines of " + cacheLine.ToString()
                + " bytes: expected 0 for none, or a power of two from 4 to 256");
        }

        [TestMethod]
        public void AZoneMustNotOwnWhatIsReserved()
        {
            MemoryMap map = Chip();
            map.Add(new Reservation("pool", 0x20002000, 0x2000));
            map.Add(Normal("N", 0x20000000, 0x3000));
            AssertOnly(map, MapFaultKind.ReservedInZone,
                "zone N 0x20000000-0x20002fff (12288 bytes) would own reservation pool 0x20002000-0x20003fff (8192 bytes): "
                    + "they share 4096 bytes from 0x20002000");
        }

        [TestMethod]
        public void ADmaZoneLiesWhereItsEnginesReach()
        {
            MemoryMap map = Chip();
            map.Add(Dma(0x10000000, 0x1000, DmaEngines.General));
            AssertOnly(map, MapFaultKind.UnreachableByDma,
                "zone DMA 0x10000000-0x10000fff (4096 bytes) serves general DMA, "
                    + "but region CCM 0x10000000-0x1000ffff is reached by no DMA engine");
            map = Chip();
            map.Add(Dma(0x20000000, 0x1000, DmaEngines.General | DmaEngines.Mdma | DmaEngines.Bdma | DmaEngines.Gdma));
            AssertOnly(map, MapFaultKind.UnreachableByDma,
                "zone DMA 0x20000000-0x20000fff (4096 bytes) serves general DMA, MDMA, BDMA, GDMA, "
                    + "but region SRAM 0x20000000-0x2000ffff is reached by general DMA");
            map = Chip();
            map.Add(Dma(0x20000000, 0x1000, DmaEngines.None));
            AssertOnly(map, MapFaultKind.UnreachableByDma,
                "zone DMA 0x20000000-0x20000fff (4096 bytes) is a DMA zone and names no engine that it serves");
        }

        [TestMethod]
        public void ANormalZoneThatPromisesDmaMustKeepThePromise()
        {
            MemoryMap map = Chip();
            map.Add(new ZonePlan("N", ZoneKind.Normal, 0x10000000, 0x1000, DmaEngines.General, PageMapKind.FreeBlocks));
            AssertOnly(map, MapFaultKind.UnreachableByDma,
                "zone N 0x10000000-0x10000fff (4096 bytes) serves general DMA, "
                    + "but region CCM 0x10000000-0x1000ffff is reached by no DMA engine");
        }

        [TestMethod]
        public void RegionsThatEnginesSeeElsewhere()
        {
            var map = new MemoryMap("bus", 4096);
            map.Add(new MemoryRegion("A", MemoryKind.Sram, 0, 0x10000, DmaEngines.General, 0, 0xC0000000));
            map.Add(new MemoryRegion("B", MemoryKind.Sram, 0xC0000000, 0x10000, DmaEngines.General, 0, 0x10000));
            map.Add(new MemoryRegion("C", MemoryKind.Sram, 0x20000000, 0x10000, DmaEngines.General, 0, 0xFFFF0000));
            AssertNoFault(map);
            Assert.AreEqual(0xC0000000u, map.RegionAt(0).BusStart);
            Assert.AreEqual(0x30000000u, new MemoryRegion("D", MemoryKind.Sram, 0x30000000, 1, DmaEngines.None, 0).BusStart);

            map.Add(new MemoryRegion("D", MemoryKind.Sram, 0x30000000, 0x1000, DmaEngines.None, 0, 0xC000F000));
            AssertOnly(map, MapFaultKind.BusAddress, "region D 0x30000000-0x30000fff (4096 bytes) is seen by DMA engines at 0xc000f000-0xc000ffff,"
                + " which overlaps region A 0x00000000-0x0000ffff (65536 bytes) at 0xc0000000-0xc000ffff");
        }

        [TestMethod]
        public void EnginesDoNotSeeARegionBeyondTheirAddressesOrBesideItsPages()
        {
            MemoryMap map = Chip();
            map.Add(new MemoryRegion("R", MemoryKind.Sram, 0x30000000, 0x10000, DmaEngines.General, 0, 0xFFFFF000));
            AssertOnly(map, MapFaultKind.BusAddress, "region R 0x30000000-0x3000ffff (65536 bytes), which DMA engines see from 0xfffff000 on, would"
                + " end beyond their 32-bit addresses");
            map = Chip();
            map.Add(new MemoryRegion("R", MemoryKind.Sram, 0x30000000, 0x10000, DmaEngines.General, 0, 0x40000200));
            AssertOnly(map, MapFaultKind.BusAddress, "region R 0x30000000-0x3000ffff (65536 bytes), which DMA engines see from 0x40000200 on:"
                + " expected a whole number of pages of 4096 bytes between the two addresses");
        }

        [TestMethod]
        public void AZoneMustNotBeSeenAtAddressZero()
        {
            MemoryMap map = Chip();
            map.Add(new MemoryRegion("R", MemoryKind.Sram, 0x30000000, 0x10000, DmaEngines.General, 0, 0));
            map.Add(Normal("N", 0x30001000, 0x1000));
            AssertNoFault(map);
            map.Add(Normal("M", 0x30000000, 0x1000));
            AssertOnly(map, MapFaultKind.AddressZero, "zone M 0x30000000-0x30000fff (4096 bytes) is seen by DMA engines at address 0, which means"
                + " failure: begin it one page later");
        }

        [TestMethod]
        public void AZoneMustNotOwnAddressZero()
        {
            var map = new MemoryMap("zero", 4096);
            map.Add(new MemoryRegion("ITCM", MemoryKind.CoreCoupled, 0, 0x4000, DmaEngines.None, 0));
            map.Add(Normal("N", 0x1000, 0x3000));
            map.Add(new Reservation("vectors", 0, 0x1000));
            AssertNoFault(map);

            map.Add(Normal("M", 0, 0x1000));
            MapFault[] faults = map.Validate();
            Assert.AreEqual(2, faults.Length);
            Assert.AreEqual((int)MapFaultKind.AddressZero, (int)faults[0].Kind);
            Assert.AreEqual(
                "zone M 0x00000000-0x00000fff (4096 bytes) owns address 0, which means failure: begin it one page later", faults[0].Text);
        }

        [TestMethod]
        public void AZoneHasNoMorePagesThanItsMapCounts()
        {
            AssertMostPages(PageMapKind.Runs, 32000,
                "zone BIG 0x80000000-0x807d00ff (8192256 bytes) has 32001 pages of 256 bytes; its page map holds at most 32000: "
                    + "use larger pages or more zones");
            AssertMostPages(PageMapKind.FreeBlocks, 131072,
                "zone BIG 0x80000000-0x820000ff (33554688 bytes) has 131073 pages of 256 bytes; its page map holds at most 131072: "
                    + "use larger pages or more zones");
            AssertMostPages(PageMapKind.GroupedFreeBlocks, 131072,
                "zone BIG 0x80000000-0x820000ff (33554688 bytes) has 131073 pages of 256 bytes; its page map holds at most 131072: "
                    + "use larger pages or more zones");
        }

        private static void AssertMostPages(PageMapKind kind, int most, string text)
        {
            for (int pages = most; pages <= most + 1; pages++)
            {
                var map = new MemoryMap("big", 256);
                map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, 0x80000000, 0x20000000, DmaEngines.None, 0));
                map.Add(new ZonePlan("BIG", ZoneKind.Normal, 0x80000000, (uint)pages * 256, DmaEngines.None, kind));
                if (pages == most)
                {
                    AssertNoFault(map);
                }
                else
                {
                    AssertOnly(map, MapFaultKind.TooManyPages, text);
                }
            }
        }

        [TestMethod]
        public void EveryFaultOfAMapIsNamed()
        {
            var map = new MemoryMap("bad", 1000);
            map.Add(new MemoryRegion("A", MemoryKind.Sram, 0x20000000, 0x1000, DmaEngines.None, 3));
            map.Add(new MemoryRegion("A", MemoryKind.Sram, 0x20000800, 0, DmaEngines.None, 0));
            map.Add(new Reservation("r", 0x20000000, 0x100));
            map.Add(new Reservation("r", 0x20000080, 0x1000));
            map.Add(new Reservation("far", 0x60000000, 0x10));
            map.Add(Dma(0x20000000, 0x1000, DmaEngines.Bdma));
            map.Add(Dma(0x20000000, 0x1000, DmaEngines.None));

            MapFaultKind[] expected =
            {
                MapFaultKind.PageSize, MapFaultKind.CacheLine, MapFaultKind.ZeroSize, MapFaultKind.DuplicateName,
                MapFaultKind.OutOfChip, MapFaultKind.Overlap, MapFaultKind.DuplicateName, MapFaultKind.OutOfChip,
                MapFaultKind.UnreachableByDma, MapFaultKind.ReservedInZone, MapFaultKind.ReservedInZone,
                MapFaultKind.UnreachableByDma, MapFaultKind.Overlap, MapFaultKind.DuplicateName,
                MapFaultKind.ReservedInZone, MapFaultKind.ReservedInZone,
            };
            MapFault[] faults = map.Validate();
            Assert.AreEqual(expected.Length, faults.Length);
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.AreEqual((int)expected[i], (int)faults[i].Kind, faults[i].Text);
            }
        }
    }
}
