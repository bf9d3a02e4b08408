namespace Carveout.Emulator.Policies;

/// <summary>Whose page allocator.</summary>
public enum AllocatorKind
{
    /// <summary>Ours.</summary>
    Carveout,

    /// <summary>The story's kernel's, behind the same zones and requests.</summary>
    Kernel,
}
