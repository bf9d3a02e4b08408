namespace Carveout.Emulator.Machine;

/// <summary>A device accessed memory that it must not access: a defect of the program under test. The run stops with the report.</summary>
internal sealed class DmaAccessException(string device, uint address, string owner, string message) : Exception(message)
{
    /// <summary>The device that made the access.</summary>
    public string Device { get; } = device;

    /// <summary>The first address that the device must not access.</summary>
    public uint Address { get; } = address;

    /// <summary>Who has the memory, or had it last; empty if nobody is known.</summary>
    public string Owner { get; } = owner;
}
