using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using nanoFramework.TestFramework;

namespace Carveout.Firmware.Tests.Memory
{
    /// <summary>A null reference is refused with the parameter's name, because on a device a NullReferenceException does not say where it
    /// happened.</summary>
    [TestClass]
    public class NothingGivenTests
    {
        [TestMethod]
        public void At_boot()
        {
            var map = new MemoryMap("empty", 4096);
            Refused(() => PageAllocator.Boot(null, null, null), "map");
            Refused(() => new PageAllocator(null, 4096, null, null), "zones");
            Refused(() => PageTestZones.OneZone(4).RegisterShrinker(null), "shrinker");
            Refused(() => new Zone(null, ZoneKind.Dma, 4096, PageMap.Create(PageMapKind.Runs, 4)), "name");
            Refused(() => new Zone("DMA", ZoneKind.Dma, 4096, null), "map");
            Refused(() => map.Add((MemoryRegion)null), "region");
            Refused(() => map.Add((ZonePlan)null), "zone");
            Refused(() => map.Add((Reservation)null), "reservation");
            Refused(() => map.Reserve(null, 4096, 4096), "name");
            Assert.AreEqual(0, map.RegionCount + map.ZoneCount + map.ReservationCount);
        }

        [TestMethod]
        public void In_diagnostics()
        {
            Refused(() => ProcText.BuddyInfo((PageAllocator)null), "pages");
            Refused(() => ProcText.BuddyInfo((Zone)null), "zone");
            Refused(() => ProcText.ZoneInfo(null), "pages");
            Refused(() => ProcText.VmStat(null), "pages");
            Refused(() => ProcText.IoMem(null), "map");
            Refused(() => ProcText.ExtFragIndex(null), "pages");
            Refused(() => ProcText.PageTypeInfo(null), "pages");
            Refused(() => ProcText.TopOwners(null), "pages");
            Refused(() => FailureReport.ToText(null), "pages");
            Refused(() => FailureReport.ZoneVerdict(null, null), "pages");
            Refused(() => FailureReport.ZoneVerdict(PageTestZones.OneZone(4), null), "zone");
            Refused(() => FragmentationIndex.Of((Zone)null, 0), "zone");
        }

        private static void Refused(Action action, string parameter)
        {
            Exception e = Thrown.By(action);
            Assert.IsTrue(e is ArgumentNullException, parameter + ": " + (e == null ? "nothing" : e.GetType().Name));
            Assert.Contains(parameter, e.Message);
        }
    }
}
