namespace Carveout.Emulator.Machine;

/// <summary>A device touched memory that was not its to touch: a defect of the program under test. The run stops with the report.</summary>
internal sealed class DmaAccessException(string device, uint address, string owner, string message) : Exception(message)
{
    /// <summary>Whose access it was.</summary>
    public string Device { get; } = device;

    /// <summary>The first address that it may not touch.</summary>
    public uint Address { get; } = address;

    /// <summary>Who has the memory, or had it last; empty where nobody is known.</summary>
    public string Owner { get; } = owner;
}
