namespace Carveout.Emulator.Machine;

/// <summary>Checks every access of a device against the memory map and the allocator.</summary>
/// <remarks>A device may access reservations that it was given, pages of the owners that it works for, and memory that is mapped for it.
/// Nobody may access free pages, mapped or not.</remarks>
internal sealed class DmaGuard
{
    private readonly MemoryMap _map;

    /// <summary>A guard over a board's memory.</summary>
    public DmaGuard(MemoryMap map) => _map = map;

    /// <summary>The allocator of the zones' pages; null if there is none, and every page of a zone is free.</summary>
    public PageAllocator? Allocator { get; set; }

    /// <summary>A number that changes whenever pages are freed. A verdict is valid as long as the number stays the same.</summary>
    internal long State
    {
        get
        {
            long state = 0;
            for (int i = 0; i < (Allocator?.ZoneCount ?? 0); i++)
            {
                state += Allocator!.ZoneAt(i).PagesFreed;
            }
            return state;
        }
    }

    internal uint PageOf(uint address) => address / (uint)_map.PageSize;

    /// <summary>Whether an engine reaches all of a span. A span without memory counts as reached, because <see cref="Judge"/> reports
    /// it.</summary>
    internal bool Reaches(DmaEngines engine, uint address, int length)
    {
        MemoryRegion? region = _map.FindRegion(address);
        return region is null || (ulong)address + (uint)length > _map.EndOfRun(region) || (region.Dma & engine) != 0;
    }

    /// <summary>Judges an access, and throws if it is forbidden.</summary>
    /// <returns>Whether the verdict is valid for all of the span's last page.</returns>
    /// <exception cref="DmaAccessException">The device must not access the memory.</exception>
    internal bool Judge(DmaPort port, uint address, int length, string doing)
    {
        var access = new Access(port, address, length, doing);
        MemoryRegion? region = _map.FindRegion(address);
        if (region is null || (ulong)address + (uint)length > _map.EndOfRun(region))
        {
            throw Report(access, address, "", region is null
                ? "there is no memory"
                : $"region {region.Name} is {HexText.OfSpan(region.Start, region.Size)}");
        }
        bool whole = true;
        for (ulong at = address, end = at + (uint)length, next; at < end; at = next)
        {
            next = Math.Min(end, ((at / (uint)_map.PageSize) + 1) * (uint)_map.PageSize);
            whole = JudgePage(access, (uint)at, (int)(next - at));
        }
        return whole;
    }

    private bool JudgePage(Access access, uint at, int length)
    {
        DmaPort port = access.Port;
        if (Allocator?.FindZone(at) is { } zone)
        {
            uint block = Allocator.BlockAt(at);
            if (block == 0)
            {
                (string former, string since) = FormerOwner(at);
                throw Report(access, at, former, $"the page at {HexText.Of(at)} in zone {zone.Name} is free; {since}");
            }
            string owner = Allocator.OwnerName(Allocator.OwnerAt(at));
            bool owned = port.OwnerIsAllowed(owner);
            return owned || port.IsMapped(at, length)
                ? owned
                : throw Report(access, at, owner,
                    $"{HexText.Of(at)} belongs to '{owner}' (block at {HexText.Of(block)}), for whom the device does not work");
        }
        Reservation? reservation = _map.FindReservation(at);
        bool reserved = reservation is not null && port.ReservationIsAllowed(reservation.Name);
        if (reserved || port.IsMapped(at, length))
        {
            // A reservation may begin or end inside a page.
            return reserved && reservation!.Start % (uint)_map.PageSize == 0 && reservation.Size % (uint)_map.PageSize == 0;
        }
        throw reservation is null
            ? Report(access, at, "", $"{HexText.Of(at)} is in no zone and no reservation: it is the runtime's")
            : Report(access, at, reservation.Name, $"{HexText.Of(at)} is reserved for '{reservation.Name}', which was not given to the device");
    }

    /// <summary>The last owner of a free page: the allocator remembers owners where blocks began, so this searches downwards.</summary>
    private (string Owner, string Text) FormerOwner(uint at)
    {
        uint page = at - (at % (uint)_map.PageSize);
        for (; Allocator!.FindZone(page) is not null && Allocator.BlockAt(page) == 0; page -= (uint)_map.PageSize)
        {
            PageOwner owner = Allocator.OwnerAt(page);
            if (owner != PageOwner.Unknown)
            {
                string name = Allocator.OwnerName(owner);
                return (name, $"former owner '{name}' (block at {HexText.Of(page)})");
            }
        }
        return ("", "no former owner is known");
    }

    private static DmaAccessException Report(Access access, uint address, string owner, string why) => new(access.Port.Device, address, owner,
        $"DMA of '{access.Port.Device}' {access.Doing} {access.Length} bytes at {HexText.Of(access.Address)}: {why}");

    /// <summary>An access that a device is about to make.</summary>
    private readonly record struct Access(DmaPort Port, uint Address, int Length, string Doing);
}
