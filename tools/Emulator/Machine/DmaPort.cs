namespace Carveout.Emulator.Machine;

/// <summary>A device's access to memory, behind the caches. Every access is checked against the memory map and the allocator.</summary>
/// <remarks>A device may access reservations that it was given, pages of the owners that it works for, and memory that is mapped for it.
/// Nobody may access free pages, mapped or not.</remarks>
internal sealed class DmaPort
{
    private readonly EmulatedMachine _machine;
    private readonly List<string> _owners = [], _reservations = [];
    private readonly List<(uint Address, int Size)> _mapped = [];

    // The page that was judged last, and the number of freed pages for which the verdict is valid.
    private uint _judgedPage;
    private long _judgedFreed = -1;

    internal DmaPort(string device, DmaEngines engine, EmulatedMachine machine)
    {
        Device = device;
        Engine = engine;
        _machine = machine;
    }

    /// <summary>The device's name in reports.</summary>
    public string Device { get; }

    /// <summary>The DMA engine that it uses.</summary>
    public DmaEngines Engine { get; }

    /// <summary>How many bytes the device has read.</summary>
    public long BytesRead { get; private set; }

    /// <summary>How many bytes it has written.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Allows the device to access pages while the owner with this name has them.</summary>
    public void AllowOwner(string owner)
    {
        _owners.Add(owner);
        _judgedFreed = -1;
    }

    /// <summary>Allows the device to access a reservation of the map.</summary>
    public void AllowReservation(string reservation)
    {
        _reservations.Add(reservation);
        _judgedFreed = -1;
    }

    /// <summary>Allows the device to access a span, whoever has it, as a streaming mapping does. Pages of it that are freed meanwhile stay
    /// forbidden.</summary>
    public void AllowAccess(uint address, int size) => _mapped.Add((address, size));

    /// <summary>Reads a span of one region for the device.</summary>
    /// <returns>False if its engine does not reach the memory, and the bus answers with an error.</returns>
    /// <exception cref="DmaAccessException">The device must not read the memory.</exception>
    public bool TryRead(uint address, Span<byte> to)
    {
        if (!Admits(address, to.Length, "reads"))
        {
            return false;
        }
        foreach (DataCache cache in _machine.Caches)
        {
            cache.DeviceReads(address, to.Length);
        }
        _machine.Memory.Read(address, to);
        BytesRead += to.Length;
        return true;
    }

    /// <summary>Writes a span of one region for the device.</summary>
    /// <returns>False if its engine does not reach the memory, and the bus answers with an error.</returns>
    /// <exception cref="DmaAccessException">The device must not write the memory.</exception>
    public bool TryWrite(uint address, ReadOnlySpan<byte> from)
    {
        if (!Admits(address, from.Length, "writes"))
        {
            return false;
        }
        foreach (DataCache cache in _machine.Caches)
        {
            cache.DeviceWrites(address, from.Length);
        }
        _machine.Memory.Write(address, from);
        BytesWritten += from.Length;
        return true;
    }

    /// <summary>Whether the engine reaches a span, all of which the device may access.</summary>
    private bool Admits(uint address, int length, string doing)
    {
        var access = new Access(address, length, doing);
        MemoryRegion? region = _machine.Map.FindRegion(address);
        if (region is null || (ulong)address + (uint)length > _machine.Map.EndOfRun(region))
        {
            throw Report(access, address, "", region is null
                ? "there is no memory"
                : $"region {region.Name} is {HexText.OfSpan(region.Start, region.Size)}");
        }
        if ((region.Dma & Engine) == 0)
        {
            return false;
        }
        uint page = (uint)_machine.Map.PageSize, first = address / page, last = (address + (uint)length - 1) / page;
        long freed = PagesFreed();
        if (first == last && first == _judgedPage && freed == _judgedFreed)
        {
            return true;
        }
        bool whole = true;
        for (ulong at = address, end = at + (uint)length, next; at < end; at = next)
        {
            next = Math.Min(end, ((at / page) + 1) * page);
            whole = JudgePage(access, (uint)at, (int)(next - at));
        }
        // A page that is mapped only in part is judged again each time.
        _judgedPage = last;
        _judgedFreed = whole ? freed : -1;
        return true;
    }

    /// <summary>A number that changes whenever pages are freed. A verdict is valid as long as it stays the same.</summary>
    private long PagesFreed()
    {
        long freed = 0;
        for (int i = 0; i < (_machine.Allocator?.ZoneCount ?? 0); i++)
        {
            freed += _machine.Allocator!.ZoneAt(i).PagesFreed;
        }
        return freed;
    }

    /// <summary>Judges an access to one page.</summary>
    /// <returns>Whether the verdict is valid for all of the page.</returns>
    private bool JudgePage(Access access, uint at, int length)
    {
        if (_machine.Allocator is { } allocator && allocator.FindZone(at) is { } zone)
        {
            uint block = allocator.BlockAt(at);
            if (block == 0)
            {
                (string former, string since) = FormerOwner(allocator, at);
                throw Report(access, at, former, $"the page at {HexText.Of(at)} in zone {zone.Name} is free; {since}");
            }
            string owner = allocator.OwnerName(allocator.OwnerAt(at));
            bool owned = _owners.Contains(owner);
            return owned || IsMapped(at, length)
                ? owned
                : throw Report(access, at, owner,
                    $"{HexText.Of(at)} belongs to '{owner}' (block at {HexText.Of(block)}), for whom the device does not work");
        }
        Reservation? reservation = _machine.Map.FindReservation(at);
        bool reserved = reservation is not null && _reservations.Contains(reservation.Name);
        if (reserved || IsMapped(at, length))
        {
            // A reservation may begin or end inside a page.
            uint page = (uint)_machine.Map.PageSize;
            return reserved && reservation!.Start % page == 0 && reservation.Size % page == 0;
        }
        throw reservation is null
            ? Report(access, at, "", $"{HexText.Of(at)} is in no zone and no reservation: it is the runtime's")
            : Report(access, at, reservation.Name, $"{HexText.Of(at)} is reserved for '{reservation.Name}', which was not given to the device");
    }

    private bool IsMapped(uint address, int length) => _mapped.Exists(span =>
        address >= span.Address && (ulong)address + (uint)length <= (ulong)span.Address + (uint)span.Size);

    /// <summary>The last owner of a free page: the allocator remembers owners where blocks began, so this searches downwards.</summary>
    private (string Owner, string Text) FormerOwner(PageAllocator allocator, uint at)
    {
        uint size = (uint)_machine.Map.PageSize, page = at - (at % size);
        for (; allocator.FindZone(page) is not null && allocator.BlockAt(page) == 0; page -= size)
        {
            PageOwner owner = allocator.OwnerAt(page);
            if (owner != PageOwner.Unknown)
            {
                string name = allocator.OwnerName(owner);
                return (name, $"former owner '{name}' (block at {HexText.Of(page)})");
            }
        }
        return ("", "no former owner is known");
    }

    private DmaAccessException Report(Access access, uint address, string owner, string why) => new(Device, address, owner,
        $"DMA of '{Device}' {access.Doing} {access.Length} bytes at {HexText.Of(access.Address)}: {why}");

    /// <summary>An access that the device is about to make.</summary>
    private readonly record struct Access(uint Address, int Length, string Doing);
}
