namespace Carveout.Emulator.Machine;

/// <summary>Whether memory changed while somebody looked: how a display knows that its picture is torn.</summary>
/// <remarks>What counts is a write to memory itself, by a device, past the cache or out of it, whatever bytes it wrote.</remarks>
internal sealed class MemoryWatch
{
    private uint[] _addresses = [];
    private int[] _lengths = [];
    private int _count;

    /// <summary>Whether the spans were written since <see cref="Arm"/>.</summary>
    public bool Written { get; private set; }

    /// <summary>Begins to look at spans; the arrays must stay as they are until <see cref="Disarm"/>.</summary>
    public void Arm(uint[] addresses, int[] lengths, int count)
    {
        (_addresses, _lengths, _count) = (addresses, lengths, count);
        Written = false;
    }

    /// <summary>Looks away; <see cref="Written"/> stays as it is.</summary>
    public void Disarm() => _count = 0;

    /// <summary>Somebody wrote.</summary>
    public void Note(uint address, int length)
    {
        for (int i = 0; i < _count && !Written; i++)
        {
            Written = address < (ulong)_addresses[i] + (uint)_lengths[i] && _addresses[i] < (ulong)address + (uint)length;
        }
    }
}
