namespace Carveout.Emulator.Scenario;

/// <summary>The faults that can be ordered for a run with real pixels.</summary>
internal enum FaultKind
{
    /// <summary>The sensor makes no frame for a second.</summary>
    CameraStall,

    /// <summary>The bus refuses a line of the camera's next frame.</summary>
    DmaError,

    /// <summary>The next interrupts of camera and display are lost.</summary>
    LostInterrupt,

    /// <summary>The program that moves the frames is busy with something else for a dozen frames.</summary>
    LateConsumer,

    /// <summary>The camera is unplugged.</summary>
    UnplugCamera,

    /// <summary>The display is unplugged.</summary>
    UnplugDisplay,

    /// <summary>The N-th block of memory that the pipeline asks for at its start is refused.</summary>
    FailAlloc,
}
