namespace Carveout.Emulator.Machine;

/// <summary>Whether memory changed while somebody looked: how a display knows that its picture is torn.</summary>
/// <remarks>What counts is a write to memory itself, by a device, past the cache or out of it, whatever bytes it wrote.</remarks>
internal sealed class MemoryWatch
{
    private uint _address;
    private int _length;

    /// <summary>Whether the span was written since <see cref="Arm"/>.</summary>
    public bool Written { get; private set; }

    /// <summary>Begins to look at a span.</summary>
    public void Arm(uint address, int length)
    {
        (_address, _length) = (address, length);
        Written = false;
    }

    /// <summary>Looks away; <see cref="Written"/> stays as it is.</summary>
    public void Disarm() => _length = 0;

    /// <summary>Somebody wrote.</summary>
    public void Note(uint address, int length) =>
        Written |= address < (ulong)_address + (uint)_length && _length > 0 && _address < (ulong)address + (uint)length;
}
