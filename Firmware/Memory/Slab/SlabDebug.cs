using System;

namespace Carveout.Memory
{
    /// <summary>What a cache does to find who writes where he must not: the kernel's SLAB_POISON and SLAB_RED_ZONE.</summary>
    [Flags]
    public enum SlabDebug
    {
        /// <summary>Nothing.</summary>
        None = 0,

        /// <summary>Free objects are filled with 0x6b and end with 0xa5; whatever else is found in one, somebody wrote after he had freed
        /// it.</summary>
        Poison = 1,

        /// <summary>Guard bytes behind every object, in front of a slab's first one and, where owners are tracked, behind the bytes that an
        /// owner asked Kmalloc for.</summary>
        RedZone = 2,
    }
}
