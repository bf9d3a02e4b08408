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

        /// <summary>The faults that a reservation would add to the map's own.</summary>
        internal MapFault[] Judge(Reservation candidate)
        {
            CheckReservation(candidate, _map.ReservationCount);
            return _faults;
        }

        private void CheckRegions()
        {
            for (int i = 0; i < _map.RegionCount; i++)
            {
                MemoryRegion region = _map.RegionAt(i);
                MapSpan span = MapSpan.Of(region);
                CheckSpan(span);
                if (!IsCacheLine(region.CacheLine))
                {
                    Add(MapFaultKind.CacheLine, span.Label() + " has cache lines of " + region.CacheLine.ToString()
                        + " bytes: expected 0 for none, or a power of two from 4 to 256");
                }
                CheckBus(span, region);
                for (int j = 0; j < i; j++)
                {
                    MemoryRegion other = _map.RegionAt(j);
                    MapSpan before = MapSpan.Of(other);
                    CheckPair(MapFaultKind.Overlap, span, before);
                    CheckBusPair(span, region, before, other);
                    CheckNames(span, before);
                }
            }
        }

        private void CheckBus(MapSpan span, MemoryRegion region)
        {
            if (region.BusStart == region.Start)
            {
                return;
            }
            if (MapSpan.Overflows(region.BusStart, region.Size))
            {
                Add(MapFaultKind.BusAddress, span.Label() + ", which DMA engines see from " + HexText.Of(region.BusStart)
                    + " on, would end beyond their 32-bit addresses");
            }
            if (_page != 0 && (region.BusStart - region.Start) % _page != 0)
            {
                Add(MapFaultKind.BusAddress, span.Label() + ", which DMA engines see from " + HexText.Of(region.BusStart)
                    + " on: expected a whole number of pages of " + _page.ToString() + " bytes between the two addresses");
            }
        }

        /// <summary>Two regions whose bus addresses are their own addresses are skipped: their overlap has been reported as one of regions.</summary>
        private void CheckBusPair(MapSpan span, MemoryRegion region, MapSpan before, MemoryRegion other)
        {
            if ((region.BusStart != region.Start || other.BusStart != other.Start)
                && MapSpan.Overlap(region.BusStart, region.Size, other.BusStart, other.Size))
            {
                Add(MapFaultKind.BusAddress, span.Label() + " is seen by DMA engines at " + MapSpan.Text(region.BusStart, region.Size)
                    + ", which overlaps " + before.Label() + " at " + MapSpan.Text(other.BusStart, other.Size));
            }
        }

        private void CheckReservations()
        {
            for (int i = 0; i < _map.ReservationCount; i++)
            {
                CheckReservation(_map.ReservationAt(i), i);
            }
        }

        /// <summary>Judges a reservation by itself, and beside the first <paramref name="others"/> of the map.</summary>
        private void CheckReservation(Reservation reservation, int others)
        {
            MapSpan span = MapSpan.Of(reservation);
            if (CheckSpan(span))
            {
                MemoryRegion region = CheckHome(span);
                if (region != null && region.CacheLine > 0 && IsCacheLine(region.CacheLine))
                {
                    CheckCacheLines(span, region);
                }
            }
            for (int i = 0; i < others; i++)
            {
                MapSpan other = MapSpan.Of(_map.ReservationAt(i));
                CheckPair(MapFaultKind.Overlap, span, other);
                CheckNames(span, other);
            }
        }

        /// <summary>If two owners share a cache line, cleaning it for one overwrites bytes that the other wrote behind the cache.</summary>
        private void CheckCacheLines(MapSpan span, MemoryRegion region)
        {
            uint line = (uint)region.CacheLine;
            if (span.Start % line != 0 || span.Size % line != 0)
            {
                Add(MapFaultKind.Misaligned, span.Label() + " shares a cache line with its neighbour: region " + region.Name
                    + " wants start and size in multiples of " + line.ToString() + " bytes");
            }
        }

        private void CheckZones()
        {
            for (int i = 0; i < _map.ZoneCount; i++)
            {
                ZonePlan zone = _map.ZoneAt(i);
                MapSpan span = MapSpan.Of(zone);
                if (CheckSpan(span))
                {
                    MemoryRegion region = CheckHome(span);
                    if (zone.Kind == ZoneKind.Dma || zone.Engines != DmaEngines.None)
                    {
                        CheckReach(span, zone, region);
                    }
                    if (zone.Start == 0)
                    {
                        Add(MapFaultKind.AddressZero, span.Label() + " owns address 0, which means failure: begin it one page later");
                    }
                    else if (region != null && zone.Start - region.Start + region.BusStart == 0)
                    {
                        Add(MapFaultKind.AddressZero, span.Label() + " is seen by DMA engines at address 0, which means failure: begin it one page"
                            + " later");
                    }
                }
                if (_page != 0)
                {
                    CheckPages(span, zone);
                }
                for (int j = 0; j < i; j++)
                {
                    MapSpan other = MapSpan.Of(_map.ZoneAt(j));
                    CheckPair(MapFaultKind.Overlap, span, other);
                    CheckNames(span, other);
                }
                for (int j = 0; j < _map.ReservationCount; j++)
                {
                    CheckPair(MapFaultKind.ReservedInZone, span, MapSpan.Of(_map.ReservationAt(j)));
                }
            }
        }

        private void CheckReach(MapSpan span, ZonePlan zone, MemoryRegion? region)
        {
            if (zone.Engines == DmaEngines.None)
            {
                Add(MapFaultKind.UnreachableByDma, span.Label() + " is a DMA zone and names no engine that it serves");
            }
            else if (region != null && (region.Dma & zone.Engines) != zone.Engines)
            {
                Add(MapFaultKind.UnreachableByDma, span.Label() + " serves " + EngineNames(zone.Engines) + ", but region " + region.Name + " "
                    + MapSpan.Text(region.Start, region.Size) + " is reached by " + EngineNames(region.Dma));
            }
        }

        private void CheckPages(MapSpan span, ZonePlan zone)
        {
            if (zone.Start % _page != 0 || zone.Size % _page != 0)
            {
                Add(MapFaultKind.Misaligned, span.Label() + " does not begin and end on a page of " + _page.ToString() + " bytes");
            }
            int most = zone.Map == PageMapKind.Runs ? MostRunPages : MostBuddyPages;
            uint pages = zone.Size / _page;
            if (pages > (uint)most)
            {
                Add(MapFaultKind.TooManyPages, span.Label() + " has " + pages.ToString() + " pages of " + _page.ToString()
                    + " bytes; its page map holds at most " + most.ToString() + ": use larger pages or more zones");
            }
        }

        /// <returns>Whether the span has bytes and ends within 32 bits, so that its place can be judged.</returns>
        private bool CheckSpan(MapSpan span)
        {
            if (span.Size == 0)
            {
                Add(MapFaultKind.ZeroSize, span.Label() + " has size 0");
                return false;
            }
            if (MapSpan.Overflows(span.Start, span.Size))
            {
                Add(MapFaultKind.Overflow, span.Label() + " ends beyond the 32-bit address space: at most "
                    + (uint.MaxValue - span.Start).ToString() + " bytes fit after its first");
                return false;
            }
            return true;
        }

        private MemoryRegion? CheckHome(MapSpan span)
        {
            MemoryRegion? partly = null;
            for (int i = 0; i < _map.RegionCount; i++)
            {
                MemoryRegion region = _map.RegionAt(i);
                if (region.Contains(span.Start, 1) && (ulong)span.Start + span.Size <= _map.EndOfRun(region))
                {
                    return region;
                }
                if (MapSpan.Overlap(span.Start, span.Size, region.Start, region.Size))
                {
                    partly = region;
                }
            }
            if (partly != null)
            {
                Add(MapFaultKind.OutOfChip, span.Label() + " does not lie inside one region: " + MapSpan.Of(partly).Label()
                    + " holds only a part of it");
                return null;
            }
            MemoryRegion? below = NearestBelow(span.Start);
            Add(MapFaultKind.OutOfChip, span.Label() + " lies where the chip has no memory: " + (below == null
                ? "no region begins below it"
                : MapSpan.Of(below).Label() + " ends before it"));
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

        private void CheckPair(MapFaultKind kind, MapSpan span, MapSpan other)
        {
            if (MapSpan.Overlap(span.Start, span.Size, other.Start, other.Size))
            {
                uint from = span.Start > other.Start ? span.Start : other.Start;
                ulong end = (ulong)span.Start + span.Size, otherEnd = (ulong)other.Start + other.Size;
                uint shared = (uint)((end < otherEnd ? end : otherEnd) - from);
                Add(kind, span.Label() + (kind == MapFaultKind.ReservedInZone ? " would own " : " overlaps ") + other.Label()
                    + ": they share " + shared.ToString() + " bytes from " + HexText.Of(from));
            }
        }

        private void CheckNames(MapSpan span, MapSpan other)
        {
            if (span.Name == other.Name)
            {
                Add(MapFaultKind.DuplicateName, "two entries are called " + span.What + " " + span.Name);
            }
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
            return With(With(With(With("", engines, DmaEngines.General, "general DMA"), engines, DmaEngines.Mdma, "MDMA"),
                engines, DmaEngines.Bdma, "BDMA"), engines, DmaEngines.Gdma, "GDMA");
        }

        private static string With(string names, DmaEngines engines, DmaEngines engine, string name)
        {
            return (engines & engine) == 0 ? names : names.Length == 0 ? name : names + ", " + name;
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
