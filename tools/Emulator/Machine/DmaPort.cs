namespace Carveout.Emulator.Machine;

/// <summary>A device's access to memory: behind the cache, checked by the guard.</summary>
internal sealed class DmaPort
{
    private readonly EmulatedMemory _memory;
    private readonly DataCache[] _caches;
    private readonly DmaGuard _guard;
    private readonly List<string> _owners = [], _reservations = [];
    private readonly List<(uint Address, int Size)> _mapped = [];

    // The page that was judged last, and the guard's state for which the verdict is valid.
    private uint _judgedPage;
    private long _judgedState = -1;

    internal DmaPort(string device, DmaEngines engine, EmulatedMemory memory, DataCache[] caches, DmaGuard guard)
    {
        Device = device;
        Engine = engine;
        _memory = memory;
        _caches = caches;
        _guard = guard;
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
        _judgedState = -1;
    }

    /// <summary>Allows the device to access a reservation of the map.</summary>
    public void AllowReservation(string reservation)
    {
        _reservations.Add(reservation);
        _judgedState = -1;
    }

    /// <summary>Allows the device to access a span, whoever has it, as a streaming mapping does. Pages of it that are freed meanwhile stay
    /// forbidden.</summary>
    public void AllowAccess(uint address, int size) => _mapped.Add((address, size));

    /// <summary>Reads a span of one region for the device.</summary>
    /// <returns>False if its engine does not reach the memory, and the bus answers with an error.</returns>
    /// <exception cref="DmaAccessException">The device must not read the memory.</exception>
    public bool TryRead(uint address, Span<byte> to)
    {
        if (!_guard.Reaches(Engine, address, to.Length))
        {
            return false;
        }
        Judge(address, to.Length, "reads");
        foreach (DataCache cache in _caches)
        {
            cache.DeviceReads(address, to.Length);
        }
        _memory.Read(address, to);
        BytesRead += to.Length;
        return true;
    }

    /// <summary>Writes a span of one region for the device.</summary>
    /// <returns>False if its engine does not reach the memory, and the bus answers with an error.</returns>
    /// <exception cref="DmaAccessException">The device must not write the memory.</exception>
    public bool TryWrite(uint address, ReadOnlySpan<byte> from)
    {
        if (!_guard.Reaches(Engine, address, from.Length))
        {
            return false;
        }
        Judge(address, from.Length, "writes");
        foreach (DataCache cache in _caches)
        {
            cache.DeviceWrites(address, from.Length);
        }
        _memory.Write(address, from);
        BytesWritten += from.Length;
        return true;
    }

    internal bool OwnerIsAllowed(string owner) => _owners.Contains(owner);

    internal bool ReservationIsAllowed(string reservation) => _reservations.Contains(reservation);

    internal bool IsMapped(uint address, int length)
    {
        foreach ((uint start, int size) in _mapped)
        {
            if (address >= start && (ulong)address + (uint)length <= (ulong)start + (uint)size)
            {
                return true;
            }
        }
        return false;
    }

    private void Judge(uint address, int length, string doing)
    {
        long state = _guard.State;
        uint first = _guard.PageOf(address), last = _guard.PageOf(address + (uint)length - 1);
        if (first == last && first == _judgedPage && state == _judgedState)
        {
            return;
        }
        // A page that is mapped only in part is judged again each time.
        bool whole = _guard.Judge(this, address, length, doing);
        _judgedPage = last;
        _judgedState = whole ? state : -1;
    }
}
