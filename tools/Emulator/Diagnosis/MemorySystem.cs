namespace Carveout.Emulator.Diagnosis;

/// <summary>Whose memory a dump shows.</summary>
internal enum MemorySystem
{
    /// <summary>The Linux kernel.</summary>
    Linux,

    /// <summary>ESP-IDF and what is built on it.</summary>
    EspIdf,

    /// <summary>Zephyr.</summary>
    Zephyr,

    /// <summary>FreeRTOS, its own heaps.</summary>
    FreeRtos,

    /// <summary>nanoFramework, TinyCLR, .NET Micro Framework.</summary>
    ManagedRuntime,

    /// <summary>This library's own console.</summary>
    Carveout,

    /// <summary>Somebody's own words.</summary>
    Other,
}
