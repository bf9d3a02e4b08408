using System;

namespace Carveout.Board
{
    /// <summary>All memory of a board: the regions that exist, what is reserved in them, and the zones that the allocator gets.</summary>
    /// <remarks>It is filled once at boot, then sealed and only read. Memory that is neither reserved nor in a zone belongs to the runtime
    /// and is left alone. Not synchronized: one thread fills it at boot. Once it is sealed, threads may share it.</remarks>
    public sealed class MemoryMap
    {
        /// <summary>The page size by default, in bytes.</summary>
        public const int DefaultPageSize = 4096;

        private MemoryRegion[] _regions = new MemoryRegion[0];
        private Reservation[] _reservations = new Reservation[0];
        private ZonePlan[] _zones = new ZonePlan[0];

        /// <summary>An empty map.</summary>
        /// <param name="pageSize">Bytes of a page: a power of two from 256 to 65,536 (checked by <see cref="Validate"/>).</param>
        public MemoryMap(string name, int pageSize)
        {
            if (name == null)
            {
                throw new ArgumentNullException(nameof(name));
            }
            Name = name;
            PageSize = pageSize;
        }

        /// <summary>The board's name.</summary>
        public string Name { get; }

        /// <summary>Bytes of a page.</summary>
        public int PageSize { get; }

        /// <summary>Whether the map is final, because an allocator has been made from its plans.</summary>
        public bool IsSealed { get; private set; }

        /// <summary>How many regions there are.</summary>
        public int RegionCount { get { return _regions.Length; } }

        /// <summary>How many reservations there are.</summary>
        public int ReservationCount { get { return _reservations.Length; } }

        /// <summary>How many zones are planned.</summary>
        public int ZoneCount { get { return _zones.Length; } }

        /// <summary>Region <paramref name="index"/>, in the order in which they were added.</summary>
        /// <param name="index">0 to <see cref="RegionCount"/> - 1.</param>
        /// <returns>The region; <see cref="Validate"/> names its faults, if any.</returns>
        public MemoryRegion RegionAt(int index)
        {
            CheckIndex("region", index, _regions.Length);
            return _regions[index];
        }

        /// <summary>Reservation <paramref name="index"/>, in the order in which they were made.</summary>
        /// <param name="index">0 to <see cref="ReservationCount"/> - 1.</param>
        public Reservation ReservationAt(int index)
        {
            CheckIndex("reservation", index, _reservations.Length);
            return _reservations[index];
        }

        /// <summary>Zone plan <paramref name="index"/>, in the order in which they were added.</summary>
        /// <param name="index">0 to <see cref="ZoneCount"/> - 1.</param>
        public ZonePlan ZoneAt(int index)
        {
            CheckIndex("zone", index, _zones.Length);
            return _zones[index];
        }

        /// <summary>Adds a region.</summary>
        /// <param name="region">Not null. <see cref="Validate"/> reports an overlap with another region.</param>
        /// <exception cref="InvalidOperationException">The map is sealed.</exception>
        public void Add(MemoryRegion region)
        {
            if (region == null)
            {
                throw new ArgumentNullException(nameof(region));
            }
            RefuseIfSealed("region", region.Name);
            var grown = new MemoryRegion[_regions.Length + 1];
            Array.Copy(_regions, 0, grown, 0, _regions.Length);
            grown[_regions.Length] = region;
            _regions = grown;
        }

        /// <summary>Takes [start, start + size) out of what the zones will get, at boot. The reservation is judged at once, and planned
        /// zones are cut.</summary>
        /// <remarks>A planned zone is cut where the reservation lies at its beginning or end, rounded to pages, as the kernel's mem= cuts off the end
        /// of memory. It is never cut in two. Zones that are planned afterwards must leave the reservation out themselves.</remarks>
        /// <param name="name">How a driver finds it; unique in the map.</param>
        /// <param name="start">First physical address.</param>
        /// <param name="size">Bytes, above 0.</param>
        /// <exception cref="ArgumentException">The reservation is empty, does not lie in one region, overlaps another, shares a cache line
        /// with a neighbour, has another's name, lies in the middle of a zone, or covers a whole zone. The map is unchanged.</exception>
        /// <exception cref="InvalidOperationException">The map is sealed: a zone may already have handed out the memory.</exception>
        public void Reserve(string name, uint start, uint size)
        {
            var reservation = new Reservation(name, start, size);
            RefuseIfSealed("reservation", name);
            BootReservation.Check(this, reservation);
            Add(reservation);
            BootReservation.CutZones(this, start, size);
        }

        /// <summary>Adds a reservation without judging it, for maps that are judged as a whole.</summary>
        /// <param name="reservation">Not null. <see cref="Validate"/> reports what is wrong with its name or span, and which zone overlaps
        /// it; <see cref="Reserve"/> would report it at once.</param>
        /// <exception cref="InvalidOperationException">The map is sealed: a zone may already have handed out the memory.</exception>
        public void Add(Reservation reservation)
        {
            if (reservation == null)
            {
                throw new ArgumentNullException(nameof(reservation));
            }
            RefuseIfSealed("reservation", reservation.Name);
            var grown = new Reservation[_reservations.Length + 1];
            Array.Copy(_reservations, 0, grown, 0, _reservations.Length);
            grown[_reservations.Length] = reservation;
            _reservations = grown;
        }

        /// <summary>Plans a zone.</summary>
        /// <param name="zone">Not null. <see cref="Validate"/> reports whether it fits.</param>
        /// <exception cref="InvalidOperationException">The map is sealed.</exception>
        public void Add(ZonePlan zone)
        {
            if (zone == null)
            {
                throw new ArgumentNullException(nameof(zone));
            }
            RefuseIfSealed("zone", zone.Name);
            var grown = new ZonePlan[_zones.Length + 1];
            Array.Copy(_zones, 0, grown, 0, _zones.Length);
            grown[_zones.Length] = zone;
            _zones = grown;
        }

        /// <summary>Plans zone <paramref name="index"/> anew.</summary>
        /// <param name="index">0 to <see cref="ZoneCount"/> - 1.</param>
        /// <exception cref="InvalidOperationException">The map is sealed.</exception>
        public void Replace(int index, ZonePlan zone)
        {
            if (zone == null)
            {
                throw new ArgumentNullException(nameof(zone));
            }
            CheckIndex("zone", index, _zones.Length);
            RefuseIfSealed("zone", zone.Name);
            _zones[index] = zone;
        }

        /// <summary>Makes the map final. Later additions are refused, because no allocator would learn of them.</summary>
        public void Seal()
        {
            IsSealed = true;
        }

        /// <summary>The region that holds <paramref name="address"/>, or null.</summary>
        /// <param name="address">Physical.</param>
        /// <returns>The first region that holds it; null if none does.</returns>
        public MemoryRegion? FindRegion(uint address)
        {
            for (int i = 0; i < _regions.Length; i++)
            {
                if (_regions[i].Contains(address, 1))
                {
                    return _regions[i];
                }
            }
            return null;
        }

        /// <summary>The end of the contiguous memory that begins with a region: the region's own end, or the end of the last adjacent
        /// region that it continues in (<see cref="MemoryRegion.RunsOnInto"/>).</summary>
        /// <returns>The first address behind it: up to 2^32.</returns>
        public ulong EndOfRun(MemoryRegion region)
        {
            if (region == null)
            {
                throw new ArgumentNullException(nameof(region));
            }
            MemoryRegion last = region;
            for (int i = 0; i < _regions.Length; i++)
            {
                if (last.RunsOnInto(_regions[i]))
                {
                    last = _regions[i];
                    // Regions stand in the order in which they were added, so the next one may stand before this one: search from the
                    // start.
                    i = -1;
                }
            }
            return (ulong)last.Start + last.Size;
        }

        /// <summary>The reservation called <paramref name="name"/>, or null.</summary>
        /// <param name="name">As it was reserved; case matters. Null finds none.</param>
        /// <returns>The first of that name; null if there is none.</returns>
        public Reservation? FindReservation(string? name)
        {
            for (int i = 0; i < _reservations.Length; i++)
            {
                if (_reservations[i].Name == name)
                {
                    return _reservations[i];
                }
            }
            return null;
        }

        /// <summary>The reservation that holds <paramref name="address"/>, or null.</summary>
        /// <param name="address">Physical.</param>
        /// <returns>The first reservation that holds it; null where none does.</returns>
        public Reservation? FindReservation(uint address)
        {
            for (int i = 0; i < _reservations.Length; i++)
            {
                Reservation r = _reservations[i];
                if (address >= r.Start && address - r.Start < r.Size)
                {
                    return r;
                }
            }
            return null;
        }

        /// <summary>Every fault of the map, an empty array if there is none.</summary>
        /// <returns>A new array; each fault names what is wrong and where.</returns>
        public MapFault[] Validate()
        {
            return new MapValidator(this).Run();
        }

        private void CheckIndex(string what, int index, int count)
        {
            if ((uint)index >= (uint)count)
            {
                throw new ArgumentOutOfRangeException(nameof(index), what + " " + index.ToString() + " of memory map " + Name + ": expected "
                    + (count == 0 ? "none, it has none" : "0 to " + (count - 1).ToString()));
            }
        }

        private void RefuseIfSealed(string what, string name)
        {
            if (IsSealed)
            {
                throw new InvalidOperationException(what + " '" + name + "' comes too late: memory map " + Name
                    + " is sealed. Expected it before the allocator boots");
            }
        }
    }
}
