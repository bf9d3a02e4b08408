namespace Carveout.Emulator.Machine;

/// <summary>Notices whether a span of memory is written. Displays use it to know that a picture is torn.</summary>
/// <remarks>Every write to memory counts, whatever its bytes: by a device, past the cache or when the cache writes back.</remarks>
internal sealed class MemoryWatch
{
    private uint _address;
    private int _length;

    /// <summary>Whether the span has been written since <see cref="Arm"/>.</summary>
    public bool Written { get; private set; }

    /// <summary>Begins to watch a span.</summary>
    public void Arm(uint address, int length)
    {
        (_address, _length) = (address, length);
        Written = false;
    }

    /// <summary>Ends the watch; <see cref="Written"/> stays as it is.</summary>
    public void Disarm() => _length = 0;

    /// <summary>Called for every write.</summary>
    public void Note(uint address, int length) =>
        Written |= address < (ulong)_address + (uint)_length && _length > 0 && _address < (ulong)address + (uint)length;
}
