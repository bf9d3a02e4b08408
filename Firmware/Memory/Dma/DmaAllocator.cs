using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>Memory that the CPU and a device share for as long as a driver lives, and the devices that share it: the kernel's
    /// dma_alloc_coherent. Buffers that change hands go through <see cref="DmaStreaming"/>.</summary>
    /// <remarks>
    /// <para>Contract: a request returns a CPU address and a handle, where the device sees the first byte on its bus; or 0 and the
    /// handle 0 if and only if no zone that the device reaches has a place that fits its alignment and boundary, or the table of blocks is
    /// full. It never throws for want of memory. Misuse throws, names address and device and what was expected, and changes nothing.</para>
    /// <para>Coherent memory never lies in a region that the CPU caches, unless the device snoops. Memory of cached regions comes from
    /// <see cref="AllocNoncoherent"/>; its user calls the Sync methods.</para>
    /// <para>A block is zeroed if <see cref="GfpFlags.Zero"/> asks for it. The kernel always zeroes (since 5.0), so that no process sees
    /// another's data. There are no processes here, and a frame is written whole before it is read, so zeroing it would be wasted.</para>
    /// <para>If a device's mask ends inside a zone, it gets only the pages that it reaches. Alignment, boundary and mask count on the bus.
    /// Every place that the page map could give is considered. Compaction makes room for an alignment only: for a boundary it moves pages
    /// until a block is free that is aligned to its own size.</para>
    /// <para>Locking: the tables are used under the page allocator's lock, so that no page is freed while it is being mapped. The lock is
    /// never held while pages are taken or given back, bytes copied, or caches maintained. Devices are attached at boot; afterwards nothing
    /// is allocated from the managed heap.</para>
    /// </remarks>
    public sealed class DmaAllocator
    {
        internal const int MaxDevices = DmaDevices.Most;

        /// <summary>In place of a direction: CPU and device see the block's bytes alike, so it has no direction.</summary>
        internal const int Coherent = -1;

        internal readonly PageAllocator Pages;
        internal readonly BusMap Bus;
        internal readonly PhysicalMemory Memory;
        internal readonly BounceBuffers? Slots;
        internal readonly DmaMappings Table;
        internal readonly AllocatorLock? Lock;
        internal readonly DmaFailure LastRefusal;

        internal readonly DmaDevices Devices;
        private readonly DmaBlocks _blocks;

        /// <summary>No device, no mapping and no bounce buffers, over the page allocator's own map and memory.</summary>
        /// <param name="pages">Booted from a map, with memory; it has one DMA allocator at most, and asks it before it frees pages.</param>
        /// <param name="mappings">Streaming mappings and noncoherent blocks at once: 1 to 32,767.</param>
        /// <param name="blocks">A power of two from 8 to 65,536. Seven eighths of it are the most blocks of <see cref="AllocCoherent"/> and
        /// <see cref="AllocNoncoherent"/> at once.</param>
        /// <exception cref="ArgumentNullException"><paramref name="pages"/> is null, or was made without a map or without memory.</exception>
        /// <exception cref="InvalidOperationException">The page allocator has a DMA allocator.</exception>
        public DmaAllocator(PageAllocator pages, int mappings, int blocks)
            : this(Misuse.Given(pages), pages.Map!, pages.Memory!, null, mappings, blocks)
        {
        }

        /// <summary>The same with bounce buffers, or over a map and memory of one's own: what a CPU without caches has, for example.</summary>
        /// <param name="pages">Whom memory comes from; it has one DMA allocator at most, and asks it before it frees pages.</param>
        /// <param name="map">The regions, with what reaches them and where.</param>
        /// <param name="memory">The bytes: not a <see cref="DmaCheckedMemory"/>, which would refuse what is done here on the device's behalf.</param>
        /// <param name="bounce">What mappings go through that a device cannot take where they lie; null: those fail.</param>
        /// <param name="mappings">Streaming mappings and noncoherent blocks at once: 1 to 32,767.</param>
        /// <param name="blocks">A power of two from 8 to 65,536. Seven eighths of it are the most blocks of <see cref="AllocCoherent"/> and
        /// <see cref="AllocNoncoherent"/> at once.</param>
        /// <exception cref="ArgumentNullException">Something other than <paramref name="bounce"/> is null.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or the bounce buffers lie in no region.</exception>
        /// <exception cref="InvalidOperationException">The page allocator has a DMA allocator.</exception>
        public DmaAllocator(PageAllocator pages, MemoryMap map, PhysicalMemory memory, BounceBuffers? bounce, int mappings, int blocks)
        {
            Misuse.Given(pages, nameof(pages));
            Misuse.Given(map, nameof(map));
            Misuse.Given(memory, nameof(memory));
            Bus = new BusMap(map);
            if (bounce != null)
            {
                int region = Bus.Find(bounce.Start);
                if (region < 0 || bounce.Size - 1 >= Bus.Size[region] - (bounce.Start - Bus.Start[region]))
                {
                    throw new ArgumentOutOfRangeException(nameof(bounce), "bounce buffers '" + bounce.Name + "' "
                        + HexText.OfSpan(bounce.Start, bounce.Size) + " lie in no region of map " + map.Name);
                }
                bounce.SetBus(bounce.Start + Bus.BusOffset[region]);
            }
            _blocks = new DmaBlocks(blocks);
            Table = new DmaMappings(mappings);
            if (pages.Hold != null)
            {
                throw new InvalidOperationException("the page allocator has a DMA allocator: expected one, to which all devices are attached");
            }
            for (int i = 0; i < pages.ZoneCount; i++)
            {
                Zone zone = pages.ZoneAt(i);
                int region = Bus.Find(zone.First);
                zone.BusFirst = region < 0 ? zone.First : zone.First + Bus.BusOffset[region];
            }
            Pages = pages;
            Memory = memory;
            Slots = bounce;
            Lock = pages.Lock;
            Devices = new DmaDevices(pages, map, Bus, bounce);
            Table.Devices = Devices;
            LastRefusal = new DmaFailure(this);
            pages.Hold = Table;
        }

        /// <summary>Mappings that there can be at once.</summary>
        public int MappingCapacity { get { return Table.Capacity; } }

        /// <summary>Mappings that there are: of <see cref="DmaStreaming"/> and <see cref="AllocNoncoherent"/>.</summary>
        public int MappingCount { get { return Table.Live; } }

        /// <summary>The most mappings there ever were at once.</summary>
        public int MaxMappingCount { get { return Table.MaxCount; } }

        /// <summary>Mappings ever made.</summary>
        public long MappingsMade { get { return Table.Mapped; } }

        /// <summary>Requests for mappings that returned 0: the table full, or no bounce slots that the device can take.</summary>
        public long MappingFailureCount { get { return Table.FailureCount; } }

        /// <summary>The bounce buffers, or null.</summary>
        public BounceBuffers? Bounce { get { return Slots; } }

        /// <summary>Devices that are attached.</summary>
        public int DeviceCount { get { return Devices.Count; } }

        /// <summary>Bytes of coherent and noncoherent blocks, as they were asked for.</summary>
        public long BlockBytes { get { return _blocks.Bytes; } }

        /// <summary>Coherent and noncoherent blocks that there are.</summary>
        public int BlockCount { get { return _blocks.Count; } }

        internal int BlockCapacity { get { return _blocks.Capacity; } }

        /// <summary>Requests for blocks that returned 0.</summary>
        public long FailureCount { get; private set; }

        /// <summary>Device <paramref name="index"/>, in the order in which they were attached.</summary>
        /// <param name="index">0 to <see cref="DeviceCount"/> - 1.</param>
        public DmaDevice DeviceAt(int index)
        {
            Misuse.CheckIndex("device", index, Devices.Count);
            return Devices.At(index);
        }

        /// <summary>Attaches a device whose coherent blocks are exact runs.</summary>
        /// <exception cref="InvalidOperationException">The device is attached, or there are 32.</exception>
        public void Attach(DmaDevice device) => Attach(device, DmaTail.Exact, null);

        /// <summary>Attaches a device: registers it as an owner and works out what it reaches.</summary>
        /// <param name="pool">For <see cref="DmaTail.Pool"/>, otherwise null: buffers that the device reaches, takes where they lie, and
        /// sees as the CPU does.</param>
        /// <exception cref="ArgumentNullException"><paramref name="device"/> is null, or the pool that the policy needs.</exception>
        /// <exception cref="ArgumentException">There is a pool and the policy is another, or the device cannot take its buffers.</exception>
        /// <exception cref="InvalidOperationException">The device is attached, or there are 32.</exception>
        public void Attach(DmaDevice device, DmaTail tail, ReservedPool? pool)
        {
            Devices.Attach(device, tail, pool);
            long most = MostBytes(device, tail);
            device.MostCoherent = most > int.MaxValue ? int.MaxValue : (int)most;
        }

        /// <summary>Takes memory that the CPU and the device see alike at any time.</summary>
        /// <param name="size">Bytes: 1 to a block of the largest order, the largest zone or the pool's buffer, as the device's policy has
        /// it, and to the device's boundary.</param>
        /// <param name="gfp">Atomic, Zero and NoWarn as for pages. Which zones are asked is the device's matter, whatever else is set.</param>
        /// <param name="handle">Where the device sees it; 0 where there is none.</param>
        /// <returns>The physical address, or 0.</returns>
        /// <exception cref="InvalidOperationException">The device is not attached.</exception>
        public uint AllocCoherent(DmaDevice device, int size, GfpFlags gfp, out uint handle)
        {
            Devices.Check(device);
            if ((uint)(size - 1) >= (uint)device.MostCoherent)
            {
                throw DmaMisuse.BadSize(device, size, MostBytes(device, device.TailPolicy));
            }
            return Alloc(device, device.CoherentZones!, device.TailPolicy, size, gfp, Coherent, out handle, out _);
        }

        /// <summary>Gives coherent memory back.</summary>
        /// <param name="size">The bytes that were asked for.</param>
        /// <param name="address">What the allocation returned.</param>
        /// <param name="handle">What it returned as well.</param>
        /// <exception cref="InvalidOperationException">No coherent block begins there, it is of another device, size or handle, it is
        /// mapped, or its pages were freed by somebody else.</exception>
        public void FreeCoherent(DmaDevice device, int size, uint address, uint handle)
        {
            Devices.Check(device);
            Free(device, size, address, handle, Coherent);
        }

        /// <summary>Takes memory that the CPU may cache and the device reaches: the kernel's dma_alloc_noncoherent. It counts as a mapping that the
        /// CPU owns: <see cref="DmaStreaming.SyncForDevice"/> hands it over, <see cref="DmaStreaming.SyncForCpu"/> takes it back.</summary>
        /// <param name="size">As for <see cref="AllocCoherent"/>; the pool is for coherent memory alone, so its devices get exact runs.</param>
        /// <param name="gfp">As for <see cref="AllocCoherent"/>.</param>
        /// <param name="handle">Where the device sees it; 0 where there is none.</param>
        /// <returns>The physical address, or 0.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The size is out of its range, or there is no such direction.</exception>
        /// <exception cref="InvalidOperationException">The device is not attached.</exception>
        public uint AllocNoncoherent(DmaDevice device, int size, DmaDirection direction, GfpFlags gfp, out uint handle)
        {
            Devices.Check(device);
            DmaTail tail = device.TailPolicy == DmaTail.Pool ? DmaTail.Exact : device.TailPolicy;
            long most = MostBytes(device, tail);
            if (size < 1 || size > most)
            {
                throw DmaMisuse.BadSize(device, size, most);
            }
            if ((uint)direction > (uint)DmaDirection.FromDevice)
            {
                throw DmaMisuse.BadDirection(device, direction);
            }
            return Alloc(device, device.Zones!, tail, size, gfp, (int)direction, out handle, out _);
        }

        /// <summary>Gives noncoherent memory back, whoever owns it: what the device wrote and nobody synced is lost with it.</summary>
        /// <param name="size">The bytes that were asked for.</param>
        /// <param name="address">What the allocation returned.</param>
        /// <param name="handle">What it returned as well.</param>
        /// <exception cref="InvalidOperationException">No noncoherent block begins there, it is of another device, size, handle or
        /// direction, or its pages were freed by somebody else.</exception>
        public void FreeNoncoherent(DmaDevice device, int size, uint address, uint handle, DmaDirection direction)
        {
            Devices.Check(device);
            if ((uint)direction > (uint)DmaDirection.FromDevice)
            {
                throw DmaMisuse.BadDirection(device, direction);
            }
            Free(device, size, address, handle, (int)direction);
        }

        /// <summary>Takes memory for a buffer of an attached device: coherent memory if the device has any.</summary>
        /// <param name="layout">Its size. It is a frame's, so zones of runs keep others of its size in mind; more than <see cref="MostBytes"/> is
        /// not there.</param>
        /// <returns>False if there is none; the buffer is as before.</returns>
        internal bool AllocBuffer(DmaBuffer buffer, BufferLayout layout, DmaDirection direction)
        {
            DmaDevice device = layout.Device;
            if (layout.Asked > MostBytes(device, device.TailPolicy))
            {
                return false;
            }
            Pages.ExpectFrames(layout.Asked);
            uint address = Alloc(device, device.BufferZones, device.TailPolicy, layout.Asked, GfpFlags.Kernel,
                device.HasCoherent ? Coherent : (int)direction, out uint handle, out int region);
            if (address == 0)
            {
                return false;
            }
            buffer.Place(address, handle, region, layout.Asked);
            return true;
        }

        internal void FreeBuffer(DmaBuffer buffer, BufferLayout layout, DmaDirection direction)
        {
            Free(layout.Device, buffer.Length, buffer.Address, buffer.Handle, layout.Device.HasCoherent ? Coherent : (int)direction);
        }

        /// <summary>The device, size and whereabouts of the coherent block that begins at an address, in words; null where none does.</summary>
        internal string? DescribeBlock(uint address)
        {
            int block = _blocks.Find(address);
            return block == DmaBlocks.None ? null : "the block at " + HexText.Of(address) + " (" + _blocks.Sizes[block].ToString() + " bytes, bus "
                + HexText.Of(address + Bus.BusOffset[Bus.Find(address)]) + ", DMA device '" + Devices.At(_blocks.Devices[block]).Name + "')";
        }

        /// <summary>Bytes of the pages, or of the pool's buffer, that begin at an address; 0 if nobody has them.</summary>
        internal int TakenAt(DmaDevice device, uint address)
        {
            if (device.TailPool != null && device.TailPool.IsTaken(address))
            {
                return device.TailPool.BufferSize;
            }
            Zone? zone = Pages.FindZone(address);
            return zone == null ? 0 : TakenBlocks.At(zone, (int)((address - zone.First) >> Pages.PageShift)) << Pages.PageShift;
        }

        /// <param name="direction">Of a noncoherent block; or <see cref="Coherent"/>.</param>
        /// <param name="region">The region that contains it; -1 if there is none.</param>
        private uint Alloc(DmaDevice device, Zone[] zones, DmaTail tail, int size, GfpFlags gfp, int direction, out uint handle, out int region)
        {
            uint address = 0;
            int first = 0;
            if (tail == DmaTail.Exact && device.Place == 1 && Pages.IsPlain && zones.Length != 0)
            {
                address = Pages.TryRun(zones[0], ((size - 1) >> Pages.PageShift) + 1, device.OwnerNumber, (gfp & GfpFlags.Atomic) != 0);
                first = 1;
            }
            if (address == 0)
            {
                address = Take(device, zones, first, tail, size, gfp & ~GfpFlags.Zero);
            }
            if (address == 0)
            {
                handle = 0;
                region = -1;
                FailureCount++;
                if (tail == DmaTail.Pool && (gfp & GfpFlags.NoWarn) == 0)
                {
                    LastRefusal.NoteBuffer(device, size);
                }
                return 0;
            }
            if ((gfp & GfpFlags.Zero) != 0)
            {
                Clear(device, tail, address, size);
            }
            // Searched once: callers that keep the block keep its region, too.
            int found = Bus.Find(address);
            uint bus = address + Bus.BusOffset[found];
            region = found;
            handle = bus;
            if (Lock != null)
            {
                Lock.Acquire();
            }
            bool fits = (direction == Coherent || Table.Live < Table.Capacity) && _blocks.Add(address, size, device.Number);
            if (fits && direction != Coherent)
            {
                int entry = Table.Insert(Table.PlaceFor(address), address, size, bus, DmaMappings.UseOf(device, (DmaDirection)direction),
                    DmaMappings.Noncoherent, device.IsCoherent ? 0 : Bus.Line[found]);
                Table.CpuTo[entry] = size;
            }
            if (Lock != null)
            {
                Lock.Release();
            }
            if (!fits)
            {
                handle = 0;
                GiveBack(device, tail, address);
                FailureCount++;
                if ((gfp & GfpFlags.NoWarn) == 0)
                {
                    LastRefusal.NoteBlock(device, size, _blocks.Count == BlockCapacity);
                }
                return 0;
            }
            return address;
        }

        private void Clear(DmaDevice device, DmaTail tail, uint address, int size)
        {
            bool cleared = false;
            try
            {
                Memory.Fill(address, size, 0);
                cleared = true;
            }
            finally
            {
                if (!cleared)
                {
                    GiveBack(device, tail, address);
                }
            }
        }

        private uint Take(DmaDevice device, Zone[] zones, int first, DmaTail tail, int size, GfpFlags gfp)
        {
            if (tail == DmaTail.Pool)
            {
                if (Lock != null)
                {
                    Lock.Acquire();
                }
                uint buffer = device.TailPool.Alloc();
                if (Lock != null)
                {
                    Lock.Release();
                }
                return buffer;
            }
            PageOwner owner = device.OwnerNumber;
            int pages = BufferLayout.PagesFor(size, tail, Pages.PageSize);
            if (tail == DmaTail.Exact || device.Place < 0)
            {
                // A kept tail is the device's as well: it keeps to the rule, too.
                return TakeFrom(zones, first, gfp, PageAllocator.Run, pages, device.Place, owner, size);
            }
            int order = PageMap.OrderOf(pages);
            uint address = TakeFrom(zones, first, gfp, order, 1 << order, 1, owner, 0);
            if (address != 0 && tail == DmaTail.Trim)
            {
                bool trimmed = false;
                try
                {
                    Pages.TrimPages(address, size);
                    trimmed = true;
                }
                finally
                {
                    if (!trimmed)
                    {
                        Pages.FreePages(address);
                    }
                }
            }
            return address;
        }

        /// <summary>A block or a run from a device's zones, as <see cref="PageAllocator.AllocPages"/> takes one from its own.</summary>
        /// <param name="zones">Where to look, DMA zones first.</param>
        /// <param name="first">The number of the first zone that is asked at once.</param>
        /// <param name="alignmentPages">Of a run, in pages; below 0: the rule of this number.</param>
        /// <param name="size">The bytes that were asked for; 0 where whole pages were.</param>
        private uint TakeFrom(Zone[] zones, int first, GfpFlags gfp, int order, int pages, int alignmentPages, PageOwner owner, int size) =>
            Pages.Watch != null ? Pages.Watch.Alloc(zones, gfp, order, pages, alignmentPages, owner, size)
                : Pages.Finish(zones, Pages.TryZones(zones, gfp, Zone.AtLow, order, pages, alignmentPages, owner, first), gfp, order, pages, alignmentPages, owner);

        private void Free(DmaDevice device, int size, uint address, uint handle, int direction)
        {
            if (Lock != null)
            {
                Lock.Acquire();
            }
            ReservedPool? pool = device.TailPool;
            bool isFreed = pool != null && pool.IsTaken(address) && handle - address == Bus.BusOffset[Bus.Find(address)]
                && Forget(device, address, size, pool.BufferSize, direction);
            if (isFreed)
            {
                pool!.Free(address);
            }
            Zone[] zones = device.Zones!;
            for (int i = 0; i < zones.Length && !isFreed; i++)
            {
                Zone zone = zones[i];
                int page = (int)((address - zone.First) >> Pages.PageShift);
                if (page >= zone.PageCount)
                {
                    continue;
                }
                // If somebody else has its pages, the block would be lost once it is out of the tables.
                int taken = handle - address != zone.BusFirst - zone.First || zone.Owners[page] != (int)device.OwnerNumber
                    || (zone.Handles != null && Pages.IsMovable(zone, page)) ? 0
                    : zone.Held == null ? zone.Map.BlockLength(page) : TakenBlocks.At(zone, page);
                if (taken == 0 || !(direction == Coherent && Table.Live == 0 ? _blocks.Remove(address, size, device.Number)
                    : Forget(device, address, size, taken << Pages.PageShift, direction)))
                {
                    break;
                }
                Pages.FreeEntered(zone, page, taken);
                return;
            }
            if (Lock != null)
            {
                Lock.Release();
            }
            if (!isFreed)
            {
                throw DmaMisuse.WrongFree(this, device, size, address, handle, direction);
            }
        }

        /// <summary>Takes a block out of the tables, if it is one and nothing of its memory is mapped but, of a noncoherent one, the bytes that were
        /// asked for, as long as it lives. Under the lock.</summary>
        /// <param name="taken">All bytes of its pages or of the pool's buffer.</param>
        /// <param name="direction">Of a noncoherent block; or <see cref="Coherent"/>.</param>
        /// <returns>False, and nothing changed, if it is not.</returns>
        private bool Forget(DmaDevice device, uint address, int size, int taken, int direction)
        {
            if (direction == Coherent)
            {
                return Table.Find(address, taken) < 0 && _blocks.Remove(address, size, device.Number);
            }
            int entry = Table.Find(address, size);
            bool isForgotten = entry >= 0 && Table.Slot[entry] == DmaMappings.Noncoherent && (int)Table.DirectionOf(entry) == direction
                && (size >= taken || Table.Find(address + (uint)size, taken - size) < 0) && _blocks.Remove(address, size, device.Number);
            if (isForgotten)
            {
                Table.Remove(entry);
            }
            return isForgotten;
        }

        private void GiveBack(DmaDevice device, DmaTail tail, uint address)
        {
            if (tail != DmaTail.Pool)
            {
                Pages.FreePages(address);
                return;
            }
            if (Lock != null)
            {
                Lock.Acquire();
            }
            device.TailPool.Free(address);
            if (Lock != null)
            {
                Lock.Release();
            }
        }

        /// <summary>The largest block that a device may ask for: more is misuse, and no want of memory.</summary>
        internal long MostBytes(DmaDevice device, DmaTail tail)
        {
            long most = tail == DmaTail.Pool ? device.TailPool.BufferSize
                : tail == DmaTail.Exact ? (long)Pages.LargestZonePages << Pages.PageShift
                : (long)Pages.PageSize << PageMap.MaxPageOrder;
            return device.Boundary != 0 && most > device.Boundary ? device.Boundary : most;
        }
    }
}
