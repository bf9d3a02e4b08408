namespace Carveout.Emulator.Scenario;

/// <summary>What can be ordered to go wrong while real pixels play.</summary>
internal enum FaultKind
{
    /// <summary>The sensor makes no frame for a second.</summary>
    CameraStall,

    /// <summary>The bus refuses a line of the camera's next frame.</summary>
    DmaError,

    /// <summary>The next interrupt of the camera does not come, nor the display's.</summary>
    LostInterrupt,

    /// <summary>The program that moves the frames does something else for a dozen frames.</summary>
    LateConsumer,

    /// <summary>The camera is pulled out.</summary>
    UnplugCamera,

    /// <summary>The display is pulled out.</summary>
    UnplugDisplay,

    /// <summary>The N-th block of memory that the pipeline asks for when it starts is not to be had.</summary>
    FailAlloc,
}
