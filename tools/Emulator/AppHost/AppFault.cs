namespace Carveout.Emulator.AppHost;

/// <summary>What can go wrong for the application.</summary>
internal enum AppFault
{
    /// <summary>The camera makes no frame for a second.</summary>
    CameraStall,

    /// <summary>The camera is pulled out: it streams, and no frame comes any more.</summary>
    UnplugCamera,

    /// <summary>The display is pulled out: every transfer throws from then on.</summary>
    UnplugDisplay,

    /// <summary>The managed heap is full: whatever the application writes to its console throws, once.</summary>
    HeapFull,
}
