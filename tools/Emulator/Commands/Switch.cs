namespace Carveout.Emulator.Commands;

/// <summary>An option that is on or off and says so.</summary>
internal enum Switch
{
    /// <summary>The option is on.</summary>
    On,

    /// <summary>The option is off.</summary>
    Off,
}
