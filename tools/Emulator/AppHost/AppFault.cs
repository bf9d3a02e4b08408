namespace Carveout.Emulator.AppHost;

/// <summary>The faults that a run can give the application.</summary>
internal enum AppFault
{
    /// <summary>The camera makes no frame for a second.</summary>
    CameraStall,

    /// <summary>The camera is unplugged: it still streams, but sends no frame any more.</summary>
    UnplugCamera,

    /// <summary>The display is unplugged: every transfer throws from then on.</summary>
    UnplugDisplay,

    /// <summary>The managed heap is full: the application's next line to the console throws, once.</summary>
    HeapFull,
}
