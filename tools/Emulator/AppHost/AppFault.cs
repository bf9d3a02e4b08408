namespace Carveout.Emulator.AppHost;

/// <summary>What can go wrong for the application.</summary>
internal enum AppFault
{
    /// <summary>The camera stands still: it streams, and no frame comes any more.</summary>
    CameraStops,

    /// <summary>The display's wires are cut: every transfer throws from then on.</summary>
    DisplayFails,

    /// <summary>The managed heap is full: whatever the application writes to its console throws, once.</summary>
    HeapFull,
}
