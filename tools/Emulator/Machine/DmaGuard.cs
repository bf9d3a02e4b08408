namespace Carveout.Emulator.Machine;

/// <summary>Who may touch what: every access of a device is held against the memory map and the allocator.</summary>
/// <remarks>A device may touch the reservations it was given, pages that belong to the owners it works for, and what is mapped for it. Free
/// pages nobody may touch, mapped or not.</remarks>
internal sealed class DmaGuard
{
    private readonly MemoryMap _map;

    /// <summary>A guard over a board's memory.</summary>
    public DmaGuard(MemoryMap map) => _map = map;

    /// <summary>Who hands out the pages of the zones; null where nobody does, and every zone page is free.</summary>
    public PageAllocator? Allocator { get; set; }

    /// <summary>A number that changes whenever pages were freed: verdicts of before hold as long as it stays.</summary>
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

    /// <summary>Whether an engine reaches all of a span. A span where there is no memory counts as reached: that is for
    /// <see cref="Judge"/> to report.</summary>
    internal bool Reaches(DmaEngines engine, uint address, int length)
    {
        MemoryRegion? region = _map.FindRegion(address);
        return region is null || (ulong)address + (uint)length > _map.EndOfRun(region) || (region.Dma & engine) != 0;
    }

    /// <summary>Judges an access.</summary>
    /// <returns>Whether the verdict holds for all of its last page.</returns>
    /// <exception cref="DmaAccessException">The device may not.</exception>
    internal bool Judge(DmaPort port, uint address, int length, string doing)
    {
        var access = new Access(port, address, length, doing);
        MemoryRegion? region = _map.FindRegion(address);
        if (region is null || (ulong)address + (uint)length > _map.EndOfRun(region))
        {
            throw Report(access, address, "", region is null
                ? "there is no memory"
                : $"region {region.Name} is {HexText.Of(region.Start, region.Size)}");
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

    /// <summary>Who had a free page last: the owner that the allocator remembers where a block began, looked for downwards.</summary>
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

    /// <summary>What a device is about to do.</summary>
    private readonly record struct Access(DmaPort Port, uint Address, int Length, string Doing);
}
