using System;

namespace Carveout.Memory
{
    /// <summary>How an allocation may be served: the kernel's get-free-pages flags, as far as a device without processes needs them.</summary>
    /// <remarks>
    /// <para>The flags that each call honours. Constructors and Kmalloc refuse all other flags; the other calls ignore them.</para>
    /// <code>
    ///   call                                       Dma  NoFallback  Movable    Atomic  Zero  NoWarn  NoRetry
    ///   PageAllocator.Alloc…, Vmalloc.Alloc         x       x          x          x      x      x        x
    ///   MovablePages.Alloc…                         x       x        always       x      x      x        x
    ///   new KmemCache                               x       x          x
    ///   KmemCache.Alloc                                                           x      x      x        x
    ///   new Mempool over pages                      x       x
    ///   Mempool.Alloc                                                             x      x      x        x
    ///   KmallocCaches.Kmalloc, Kzalloc, Krealloc    x                             x      x      x        x
    ///   DmaAllocator.Alloc…, DmaPool.Alloc                                        x      x      x        x
    /// </code>
    /// </remarks>
    [Flags]
    public enum GfpFlags
    {
        /// <summary>The ordinary request: from NORMAL, then from DMA as far as lowmem_reserve allows; shrinkers may run.</summary>
        Kernel = 0,

        /// <summary>From an interrupt or callback: no shrinker runs, nothing is moved, and the request may dip below the min watermark. It does
        /// get the pages of empty slabs.</summary>
        Atomic = 1,

        /// <summary>Only memory that the board's DMA engines reach: DMA zones.</summary>
        Dma = 2,

        /// <summary>The pages come filled with zero bytes. If there is no memory to fill, a request that finds pages gives them back and
        /// throws; the zone counts them as allocated and freed. A request that finds none returns 0.</summary>
        Zero = 4,

        /// <summary>A failure is expected and not recorded as the last one.</summary>
        NoWarn = 8,

        /// <summary>Only zones of the kind asked for: NORMAL does not fall back to DMA.</summary>
        NoFallback = 16,

        /// <summary>The owner can move the contents: grouping keeps such blocks apart from those that stay for ever.</summary>
        Movable = 32,

        /// <summary>No shrinker runs and nothing is moved, but unlike <see cref="Atomic"/> the min watermark holds: for callers who can
        /// do with less memory and should not push others out. The kernel's __GFP_NORETRY.</summary>
        NoRetry = 64,
    }
}
