using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>The devices of one allocator, and what each of them reaches.</summary>
    internal sealed class DmaDevices
    {
        internal const int Most = 32;

        private readonly PageAllocator _pages;
        private readonly MemoryMap _map;
        private readonly BusMap _bus;
        private readonly BounceBuffers? _slots;
        private readonly DmaDevice[] _devices = new DmaDevice[Most];
        private int _count;

        internal DmaDevices(PageAllocator pages, MemoryMap map, BusMap bus, BounceBuffers? slots)
        {
            _pages = pages;
            _map = map;
            _bus = bus;
            _slots = slots;
        }

        internal int Count { get { return _count; } }

        internal DmaDevice At(int index) => _devices[index];

        internal void Check(DmaDevice device)
        {
            if (device == null || device.Home != this)
            {
                throw Stranger(device);
            }
        }

        private static Exception Stranger(DmaDevice? device) =>
            device == null ? new ArgumentNullException(nameof(device)) : (Exception)new InvalidOperationException("DMA device '" + device.Name
                + "' is not attached to this allocator: expected Attach at boot");

        internal void Attach(DmaDevice device, DmaTail tail, ReservedPool? pool)
        {
            if (device == null || (tail == DmaTail.Pool && pool == null))
            {
                throw new ArgumentNullException(device == null ? nameof(device) : nameof(pool));
            }
            if ((uint)tail > (uint)DmaTail.Pool)
            {
                throw new ArgumentOutOfRangeException(nameof(tail), "tail policy " + ((int)tail).ToString() + " for DMA device '" + device.Name
                    + "': expected one of DmaTail");
            }
            if (device.Number >= 0 || _count == Most)
            {
                throw new InvalidOperationException("DMA device '" + device.Name + "' cannot be attached: " + (device.Number >= 0
                    ? "it is attached already"
                    : "there are " + Most.ToString() + " already"));
            }
            if (pool != null)
            {
                CheckPool(device, tail, pool);
            }
            device.OwnerNumber = _pages.RegisterOwner(device.Name);
            device.Zones = ReachedZones(device, true);
            SetPlace(device);
            device.CoherentZones = ReachedZones(device, false);
            device.TailPolicy = tail;
            device.TailPool = pool;
            device.CanBounce = _slots != null && _bus.Reaches(device, _bus.Find(_slots.Start), _slots.Start, _slots.Size);
            device.Number = _count;
            device.Home = this;
            _devices[_count++] = device;
        }

        private void CheckPool(DmaDevice device, DmaTail tail, ReservedPool pool)
        {
            string label = "pool '" + pool.Name + "' at " + HexText.Of(pool.Start) + " for DMA device '" + device.Name + "': ";
            if (tail != DmaTail.Pool)
            {
                throw new ArgumentException(label + "expected the policy DmaTail.Pool with it", nameof(tail));
            }
            int region = _bus.Find(pool.Start);
            uint size = (uint)pool.BufferSize * (uint)pool.Count;
            if (region < 0 || size - 1 >= _bus.Size[region] - (pool.Start - _bus.Start[region]) || !_bus.Reaches(device, region, pool.Start, size))
            {
                throw new ArgumentException(label + "the device does not reach all of it", nameof(pool));
            }
            if (_bus.Line[region] != 0 && !device.IsCoherent)
            {
                throw new ArgumentException(label + "region " + _map.RegionAt(region).Name
                    + " is cached, and the device does not snoop; coherent memory is not", nameof(pool));
            }
            for (int i = 0; i < pool.Count; i++)
            {
                uint buffer = pool.Start + (uint)i * (uint)pool.BufferSize;
                if (!device.Fits(buffer + _bus.BusOffset[region], pool.BufferSize))
                {
                    throw new ArgumentException(label + "the buffer at " + HexText.Of(buffer) + " does not fit the alignment of "
                        + device.Alignment.ToString() + " and the boundary of " + device.Boundary.ToString() + " bytes", nameof(pool));
                }
            }
        }

        /// <summary>Makes a rule of the device's constraints if its zones have pages that do not meet them.</summary>
        private void SetPlace(DmaDevice device)
        {
            bool all = device.Alignment <= _pages.PageSize && device.Boundary == 0;
            for (int i = 0; i < device.Zones.Length; i++)
            {
                Zone zone = device.Zones[i];
                // Bus address 0 is no handle.
                all = all && zone.BusFirst != 0 && ((uint)zone.Pages << _pages.PageShift) - 1 <= device.LastAddress - zone.BusFirst;
            }
            if (!all)
            {
                int alignment = device.Alignment >> _pages.PageShift;
                // A boundary smaller than a page is not crossed by a page, provided that the buffer does not cross it.
                device.Place = AddRule(new PlaceRule(alignment == 0 ? 1 : alignment,
                    device.Boundary <= (uint)_pages.PageSize ? device.Boundary == 0 ? 0 : 1 : (int)(device.Boundary >> _pages.PageShift),
                    device.LastAddress));
            }
        }

        /// <summary>Adds a rule to those by which the page allocator serves.</summary>
        /// <returns>The number, below 0, that requests pass in place of an alignment.</returns>
        private int AddRule(PlaceRule rule)
        {
            int count = _pages.Rules == null ? 0 : _pages.Rules.Length;
            var rules = new PlaceRule[count + 1];
            if (count != 0)
            {
                Array.Copy(_pages.Rules!, 0, rules, 0, count);
            }
            rules[count] = rule;
            _pages.Rules = rules;
            return -rules.Length;
        }

        /// <summary>Zones that lie in a region and of which the device reaches a page, DMA zones first.</summary>
        /// <param name="cached">Whether zones count that the CPU caches and the device does not snoop.</param>
        private Zone[] ReachedZones(DmaDevice device, bool cached)
        {
            var found = new Zone[_pages.ZoneCount];
            int count = 0;
            for (int kind = 0; kind < 2; kind++)
            {
                for (int i = 0; i < found.Length; i++)
                {
                    Zone zone = _pages.Zones[i];
                    uint size = (uint)zone.Pages << _pages.PageShift;
                    int region = _bus.Find(zone.Start);
                    if (zone.IsDma == (kind == 0) && region >= 0 && size - 1 < _bus.Size[region] - (zone.Start - _bus.Start[region])
                        && _bus.Reaches(device, region, zone.Start, (uint)_pages.PageSize) && (cached || device.IsCoherent || _bus.Line[region] == 0))
                    {
                        found[count++] = zone;
                    }
                }
            }
            var zones = new Zone[count];
            Array.Copy(found, 0, zones, 0, count);
            return zones;
        }
    }
}
