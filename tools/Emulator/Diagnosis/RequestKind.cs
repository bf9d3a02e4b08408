namespace Carveout.Emulator.Diagnosis;

/// <summary>Of whom memory was asked.</summary>
internal enum RequestKind
{
    /// <summary>Pages of the kernel's page allocator.</summary>
    Pages,

    /// <summary>Pages, and the kernel killed somebody for them.</summary>
    OomKill,

    /// <summary>Pages for a slab.</summary>
    SlabPages,

    /// <summary>The kernel's vmalloc: pages and addresses.</summary>
    Vmalloc,

    /// <summary>The contiguous memory allocator.</summary>
    Cma,

    /// <summary>Bounce buffers for DMA.</summary>
    Bounce,

    /// <summary>A heap.</summary>
    Heap,

    /// <summary>A garbage-collected heap.</summary>
    ManagedHeap,
}
