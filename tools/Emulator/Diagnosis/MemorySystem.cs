namespace Carveout.Emulator.Diagnosis;

/// <summary>The system whose memory a dump shows.</summary>
internal enum MemorySystem
{
    /// <summary>The Linux kernel.</summary>
    Linux,

    /// <summary>ESP-IDF and systems on top of it.</summary>
    EspIdf,

    /// <summary>Zephyr.</summary>
    Zephyr,

    /// <summary>FreeRTOS with its own heaps.</summary>
    FreeRtos,

    /// <summary>nanoFramework, TinyCLR, .NET Micro Framework.</summary>
    ManagedRuntime,

    /// <summary>Carveout's own console.</summary>
    Carveout,

    /// <summary>An application's own lines.</summary>
    Other,
}
