namespace Carveout.Emulator.Commands;

/// <summary>An option that is on or off and says so.</summary>
internal enum Switch
{
    /// <summary>It holds.</summary>
    On,

    /// <summary>It does not.</summary>
    Off,
}
