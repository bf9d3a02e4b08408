namespace Carveout.Emulator.Policies;

/// <summary>The kind of page allocator.</summary>
public enum AllocatorKind
{
    /// <summary>Carveout's.</summary>
    Carveout,

    /// <summary>That of the story's kernel, behind the same zones and requests.</summary>
    Kernel,
}
