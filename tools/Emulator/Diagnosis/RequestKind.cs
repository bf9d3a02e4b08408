namespace Carveout.Emulator.Diagnosis;

/// <summary>Who was asked for memory.</summary>
internal enum RequestKind
{
    /// <summary>The kernel's page allocator.</summary>
    Pages,

    /// <summary>The kernel's page allocator, and the kernel killed a process to get memory.</summary>
    OomKill,

    /// <summary>The kernel's page allocator, for a slab.</summary>
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
