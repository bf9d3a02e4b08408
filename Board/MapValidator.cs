using System;

namespace Carveout.Board
{
    /// <summary>Judges a memory map as a whole and names every fault, not only the first.</summary>
    internal sealed class MapValidator
    {
        /// <summary>The limits of the firmware's page maps: FreeBlockMap has three levels of 64-bit words over two bits a page; RunMap
        /// links its runs by 16-bit numbers.</summary>
        private const int MostBuddyPages = 131072, MostRunPages = 32000;

        private readonly MemoryMap _map;

        /// <summary>Bytes of a page; 0 where the map's page size is none, so that nothing is measured by it.</summary>
        private readonly uint _page;
        private MapFault[] _faults = new MapFault[0];

        internal MapValidator(MemoryMap map)
        {
            _map = map;
            int page = map.PageSize;
            _page = page >= 256 && page <= 65536 && (page & (page - 1)) == 0 ? (uint)page : 0;
        }

        internal MapFault[] Run()
        {
            if (_page == 0)
            {
                Add(MapFaultKind.PageSize, "page size " + _map.PageSize.ToString() + ": expected a power of two from 256 to 65536");
            }
            CheckRegions();
            CheckReservations();
            CheckZones();
            return _faults;
        }

        private void CheckRegions()
        {
            for (int i = 0; i < _map.RegionCount; i++)
            {
                MemoryRegion region = _map.RegionAt(i);
                string label = Label("region", region.Name, region.Start, region.Size);
                CheckSpan(label, region.Start, region.Size);
                if (!IsCacheLine(region.CacheLine))
                {
                    Add(MapFaultKind.CacheLine, label + " has cache lines of " + region.CacheLine.ToString()
                        + " bytes: expected 0 for none, or a power of two from 4 to 256");
                }
                CheckBus(label, region);
                for (int j = 0; j < i; j++)
                {
                    MemoryRegion other = _map.RegionAt(j);
                    CheckPair(MapFaultKind.Overlap, label, region.Start, region.Size,
                        Label("region", other.Name, other.Start, other.Size), other.Start, other.Size);
                    CheckBusPair(label, region, other);
                    CheckNames("region", region.Name, other.Name);
                }
            }
        }

        private void CheckBus(string label, MemoryRegion region)
        {
            if (region.BusStart == region.Start)
            {
                return;
            }
            if (Overflows(region.BusStart, region.Size))
            {
                Add(MapFaultKind.BusAddress, label + ", which DMA engines see from " + HexText.Of(region.BusStart)
                    + " on, would end beyond their 32-bit addresses");
            }
            if (_page != 0 && (region.BusStart - region.Start) % _page != 0)
            {
                Add(MapFaultKind.BusAddress, label + ", which DMA engines see from " + HexText.Of(region.BusStart)
                    + " on: expected a whole number of pages of " + _page.ToString() + " bytes between the two addresses");
            }
        }

        /// <summary>Two regions whose bus addresses are their own addresses are skipped: their overlap has been reported as one of
        /// regions.</summary>
        private void CheckBusPair(string label, MemoryRegion region, MemoryRegion other)
        {
            if ((region.BusStart != region.Start || other.BusStart != other.Start)
                && Overlap(region.BusStart, region.Size, other.BusStart, other.Size))
            {
                Add(MapFaultKind.BusAddress, label + " is seen by DMA engines at " + Span(region.BusStart, region.Size)
                    + ", which overlaps " + Label("region", other.Name, other.Start, other.Size) + " at " + Span(other.BusStart, other.Size));
            }
        }

        private void CheckReservations()
        {
            for (int i = 0; i < _map.ReservationCount; i++)
            {
                Reservation reservation = _map.ReservationAt(i);
                string label = Label("reservation", reservation.Name, reservation.Start, reservation.Size);
                if (CheckSpan(label, reservation.Start, reservation.Size))
                {
                    MemoryRegion region = CheckHome(label, reservation.Start, reservation.Size);
                    if (region != null && region.CacheLine > 0 && IsCacheLine(region.CacheLine))
                    {
                        CheckCacheLines(label, reservation, region);
                    }
                }
                for (int j = 0; j < i; j++)
                {
                    Reservation other = _map.ReservationAt(j);
                    CheckPair(MapFaultKind.Overlap, label, reservation.Start, reservation.Size,
                        Label("reservation", other.Name, other.Start, other.Size), other.Start, other.Size);
                    CheckNames("reservation", reservation.Name, other.Name);
                }
            }
        }

        /// <summary>If two owners share a cache line, cleaning it for one overwrites bytes that the other wrote behind the cache.</summary>
        private void CheckCacheLines(string label, Reservation reservation, MemoryRegion region)
        {
            uint line = (uint)region.CacheLine;
            if (reservation.Start % line != 0 || reservation.Size % line != 0)
            {
                Add(MapFaultKind.Misaligned, label + " shares a cache line with its neighbour: region " + region.Name
                    + " wants start and size in multiples of " + line.ToString() + " bytes");
            }
        }

        private void CheckZones()
        {
            for (int i = 0; i < _map.ZoneCount; i++)
            {
                ZonePlan zone = _map.ZoneAt(i);
                string label = Label("zone", zone.Name, zone.Start, zone.Size);
                if (CheckSpan(label, zone.Start, zone.Size))
                {
                    MemoryRegion region = CheckHome(label, zone.Start, zone.Size);
                    if (zone.Kind == ZoneKind.Dma || zone.Engines != DmaEngines.None)
                    {
                        CheckReach(label, zone, region);
                    }
                    if (zone.Start == 0)
                    {
                        Add(MapFaultKind.AddressZero, label + " owns address 0, which means failure: begin it one page later");
                    }
                    else if (region != null && zone.Start - region.Start + region.BusStart == 0)
                    {
                        Add(MapFaultKind.AddressZero, label + " is seen by DMA engines at address 0, which means failure: begin it one page"
                            + " later");
                    }
                }
                if (_page != 0)
                {
                    CheckPages(label, zone);
                }
                for (int j = 0; j < i; j++)
                {
                    ZonePlan other = _map.ZoneAt(j);
                    CheckPair(MapFaultKind.Overlap, label, zone.Start, zone.Size,
                        Label("zone", other.Name, other.Start, other.Size), other.Start, other.Size);
                    CheckNames("zone", zone.Name, other.Name);
                }
                for (int j = 0; j < _map.ReservationCount; j++)
                {
                    Reservation reserved = _map.ReservationAt(j);
                    CheckPair(MapFaultKind.ReservedInZone, label, zone.Start, zone.Size,
                        Label("reservation", reserved.Name, reserved.Start, reserved.Size), reserved.Start, reserved.Size);
                }
            }
        }

        private void CheckReach(string label, ZonePlan zone, MemoryRegion? region)
        {
            if (zone.Engines == DmaEngines.None)
            {
                Add(MapFaultKind.UnreachableByDma, label + " is a DMA zone and names no engine that it serves");
            }
            else if (region != null && (region.Dma & zone.Engines) != zone.Engines)
            {
                Add(MapFaultKind.UnreachableByDma, label + " serves " + EngineNames(zone.Engines) + ", but region " + region.Name + " "
                    + Span(region.Start, region.Size) + " is reached by " + EngineNames(region.Dma));
            }
        }

        private void CheckPages(string label, ZonePlan zone)
        {
            if (zone.Start % _page != 0 || zone.Size % _page != 0)
            {
                Add(MapFaultKind.Misaligned, label + " does not begin and end on a page of " + _page.ToString() + " bytes");
            }
            int most = zone.Map == PageMapKind.Runs ? MostRunPages : MostBuddyPages;
            uint pages = zone.Size / _page;
            if (pages > (uint)most)
            {
                Add(MapFaultKind.TooManyPages, label + " has " + pages.ToString() + " pages of " + _page.ToString()
                    + " bytes; its page map holds at most " + most.ToString() + ": use larger pages or more zones");
            }
        }

        /// <returns>Whether the span has bytes and ends within 32 bits, so that its place can be judged.</returns>
        private bool CheckSpan(string label, uint start, uint size)
        {
            if (size == 0)
            {
                Add(MapFaultKind.ZeroSize, label + " has size 0");
                return false;
            }
            if (Overflows(start, size))
            {
                Add(MapFaultKind.Overflow, label + " ends beyond the 32-bit address space: at most "
                    + (uint.MaxValue - start).ToString() + " bytes fit after its first");
                return false;
            }
            return true;
        }

        private MemoryRegion? CheckHome(string label, uint start, uint size)
        {
            MemoryRegion? partly = null;
            for (int i = 0; i < _map.RegionCount; i++)
            {
                MemoryRegion region = _map.RegionAt(i);
                if (region.Contains(start, 1) && (ulong)start + size <= _map.EndOfRun(region))
                {
                    return region;
                }
                if (Overlap(start, size, region.Start, region.Size))
                {
                    partly = region;
                }
            }
            if (partly != null)
            {
                Add(MapFaultKind.OutOfChip, label + " does not lie inside one region: "
                    + Label("region", partly.Name, partly.Start, partly.Size) + " holds only a part of it");
                return null;
            }
            MemoryRegion? below = NearestBelow(start);
            Add(MapFaultKind.OutOfChip, label + " lies where the chip has no memory: " + (below == null
                ? "no region begins below it"
                : Label("region", below.Name, below.Start, below.Size) + " ends before it"));
            return null;
        }

        private MemoryRegion? NearestBelow(uint address)
        {
            MemoryRegion? nearest = null;
            for (int i = 0; i < _map.RegionCount; i++)
            {
                MemoryRegion region = _map.RegionAt(i);
                if (region.Start <= address && (nearest == null || region.Start > nearest.Start))
                {
                    nearest = region;
                }
            }
            return nearest;
        }

        private void CheckPair(MapFaultKind kind, string label, uint start, uint size, string otherLabel, uint otherStart, uint otherSize)
        {
            if (Overlap(start, size, otherStart, otherSize))
            {
                uint from = start > otherStart ? start : otherStart;
                ulong end = (ulong)start + size, otherEnd = (ulong)otherStart + otherSize;
                uint shared = (uint)((end < otherEnd ? end : otherEnd) - from);
                Add(kind, label + (kind == MapFaultKind.ReservedInZone ? " would own " : " overlaps ") + otherLabel
                    + ": they share " + shared.ToString() + " bytes from " + HexText.Of(from));
            }
        }

        private void CheckNames(string what, string name, string other)
        {
            if (name == other)
            {
                Add(MapFaultKind.DuplicateName, "two entries are called " + what + " " + name);
            }
        }

        /// <summary>Whether two spans share a byte; an empty span shares none.</summary>
        private static bool Overlap(uint a, uint aSize, uint b, uint bSize)
        {
            return aSize > 0 && bSize > 0 && (ulong)a < (ulong)b + bSize && (ulong)b < (ulong)a + aSize;
        }

        private static bool Overflows(uint start, uint size)
        {
            return (ulong)start + size > 0x100000000UL;
        }

        private static string Label(string what, string name, uint start, uint size)
        {
            return what + " " + name + " " + Span(start, size) + " (" + size.ToString() + " bytes)";
        }

        private static string Span(uint start, uint size)
        {
            return size == 0 || Overflows(start, size) ? "at " + HexText.Of(start) : HexText.Of(start, size);
        }

        private static bool IsCacheLine(int size)
        {
            return size == 0 || (size >= 4 && size <= 256 && (size & (size - 1)) == 0);
        }

        private static string EngineNames(DmaEngines engines)
        {
            if (engines == DmaEngines.None)
            {
                return "no DMA engine";
            }
            string names = "";
            if ((engines & DmaEngines.General) != 0)
            {
                names += " general DMA,";
            }
            if ((engines & DmaEngines.Mdma) != 0)
            {
                names += " MDMA,";
            }
            if ((engines & DmaEngines.Bdma) != 0)
            {
                names += " BDMA,";
            }
            if ((engines & DmaEngines.Gdma) != 0)
            {
                names += " GDMA,";
            }
            return names.Substring(1, names.Length - 2);
        }

        private void Add(MapFaultKind kind, string text)
        {
            var grown = new MapFault[_faults.Length + 1];
            Array.Copy(_faults, 0, grown, 0, _faults.Length);
            grown[_faults.Length] = new MapFault(kind, text);
            _faults = grown;
        }
    }
}
