using System;

namespace Carveout.Memory
{
    /// <summary>How a cache finds writes to memory that is free or belongs to nobody: the kernel's SLAB_POISON and SLAB_RED_ZONE.</summary>
    [Flags]
    public enum SlabDebug
    {
        /// <summary>Nothing.</summary>
        None = 0,

        /// <summary>Free objects are filled with 0x6b and end with 0xa5; any other value in one means that somebody wrote after freeing it.</summary>
        Poison = 1,

        /// <summary>A red zone behind every object, in front of a slab's first one and, where owners are tracked, behind the bytes that an
        /// owner asked Kmalloc for.</summary>
        RedZone = 2,
    }
}
