namespace Carveout.Emulator.Diagnosis;

/// <summary>A refused request.</summary>
internal sealed class MemoryRequest(RequestKind kind)
{
    /// <summary>Who was asked.</summary>
    public RequestKind Kind { get; } = kind;

    /// <summary>Bytes; negative if a negative number was asked for. Null if the dump does not say.</summary>
    public long? Bytes { get; set; }

    /// <summary>The order of the block, if pages were asked for.</summary>
    public int? Order { get; set; }

    /// <summary>Who asked: a task, a device, an owner.</summary>
    public string Who { get; set; } = "";

    /// <summary>Flags as printed.</summary>
    public string Flags { get; set; } = "";

    /// <summary>Flags as a number: the kernel's gfp mask, ESP-IDF's capabilities.</summary>
    public long? Mask { get; set; }

    /// <summary>The kernel's error number, below 0.</summary>
    public int? Error { get; set; }

    /// <summary>The kernel's version, if the report says it.</summary>
    public Version? Kernel { get; set; }
}
