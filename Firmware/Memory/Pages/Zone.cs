using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>A run of pages of one region, its page map, and the watermarks that decide which requests may take from it.</summary>
    /// <remarks>The numbers are read without the allocator's lock, so while threads allocate they may be outdated at once.</remarks>
    public sealed class Zone
    {
        /// <summary>How far below its reserves a request may go; an index into a class's limits.</summary>
        internal const int AtLow = 0, AtMin = 1, AtAtomic = 2, Levels = 3;

        /// <summary>Requests that may use this zone: those of its own kind, and those that fall back to it.</summary>
        internal const int OwnClass = 0, FallbackClass = 1;

        internal readonly PageMap Map;

        // Fields beside the properties: a property costs the interpreter four times as much, and every allocation reads these.
        internal readonly uint First;
        internal readonly int PageCount;
        internal readonly bool IsDma;

        /// <summary>Pages that must stay free after an allocation, by class and level: limits[class * Levels + level].</summary>
        internal readonly int[] Limits = new int[2 * Levels];

        /// <summary>By page, the owner of the block that begins there, or of the last one that did if it was freed. Null if not tracked.</summary>
        internal byte[]? Owners;

        /// <summary>By page, the slab that it belongs to plus 1, a negative number where a run of Kmalloc's begins, or 0. Null where there is no slab
        /// allocator.</summary>
        internal short[]? Slabs;

        /// <summary>By page, of a block that begins there: its handle's slot plus 1, <see cref="Migrating"/>, or 0 where it stays for ever. Null
        /// where there is no movable memory.</summary>
        internal short[]? Handles;

        /// <summary>In <see cref="Handles"/>: compaction is using the block, and it has no handle yet.</summary>
        internal const short Migrating = -1;

        /// <summary>Blocks that were freed and are held back. Null if nothing is ever held back.</summary>
        internal HeldBlocks? Held;

        /// <summary>The name of the memory map whose allocator hands its pages out, or a phrase where that allocator has no map. Null as long as
        /// the zone belongs to no allocator.</summary>
        internal string? Taker;

        /// <summary>The bus address of the first byte. Only a DMA allocator asks for it.</summary>
        internal uint BusFirst;

        internal int Free;
        internal long Freed;

        /// <summary>The first of <see cref="Limits"/>, for requests of the zone's own kind that find enough.</summary>
        internal int LowLimit;

        /// <summary>A zone, all of it free.</summary>
        /// <param name="name">The name in reports; the kernel's are DMA and NORMAL.</param>
        /// <param name="start">First physical address, a multiple of the page size and not 0, which means failure.</param>
        /// <param name="map">A map with all pages free; nobody else may use it.</param>
        /// <exception cref="InvalidOperationException">The map is another zone's already.</exception>
        public Zone(string name, ZoneKind kind, uint start, PageMap map)
        {
            Misuse.Given(name, nameof(name));
            Misuse.Given(map, nameof(map));
            if (map.Taker != null)
            {
                throw Misuse.TakenMap(name, map);
            }
            Name = name;
            First = start;
            BusFirst = start;
            IsDma = kind == ZoneKind.Dma;
            Map = map;
            map.Taker = name;
            PageCount = map.PageCount;
            Free = map.PageCount;
        }

        /// <summary>The name in reports.</summary>
        public string Name { get; }

        /// <summary>Whom it serves.</summary>
        public ZoneKind Kind { get { return IsDma ? ZoneKind.Dma : ZoneKind.Normal; } }

        /// <summary>First physical address.</summary>
        public uint Start { get { return First; } }

        /// <summary>Pages in all.</summary>
        public int Pages { get { return PageCount; } }

        /// <summary>Pages that are free, hot slots included.</summary>
        public int FreePages { get { return Free; } }

        /// <summary>Pages of the largest block or run that is free: what one call could take, watermarks aside. Blocks in hot slots are
        /// counted one by one, though an allocation that needs them merges them first, so this is exact only after
        /// <see cref="PageAllocator.DrainAllPages"/>.</summary>
        public int LargestFreePages { get { return Map.LargestFree(); } }

        /// <summary>Pages that must lie free in a row to serve a request of <paramref name="pages"/>: a power of two in a buddy's zone.</summary>
        /// <param name="pages">1 or more.</param>
        /// <returns>Pages, at least as many.</returns>
        public int BlockFor(int pages)
        {
            return Map.BlockFor(pages);
        }

        /// <summary>The largest order that the zone can ever hold.</summary>
        public int MaxOrder { get { return Map.TopOrder; } }

        /// <summary>Bytes of metadata: the page map's, the owners', the slabs', the handles' and hardening's.</summary>
        public int MetadataSize
        {
            get
            {
                return Map.MetadataSize + (Owners == null ? 0 : Owners.Length) + (Slabs == null ? 0 : 2 * Slabs.Length)
                    + (Handles == null ? 0 : 2 * Handles.Length)
                    + (Held == null ? 0 : Held.MetadataSize);
            }
        }

        /// <summary>Pages below which only <see cref="GfpFlags.Atomic"/> requests are served.</summary>
        public int MinWatermark { get { return Limits[AtMin]; } }

        /// <summary>Pages below which shrinkers are asked before an allocation.</summary>
        public int LowWatermark { get { return Limits[AtLow]; } }

        /// <summary>Pages that shrinkers are asked to restore.</summary>
        public int HighWatermark { get { return MinWatermark + (MinWatermark >> 1); } }

        /// <summary>Pages that requests which fall back from NORMAL must leave, beyond the watermark.</summary>
        public int LowmemReservePages { get { return Limits[FallbackClass * Levels + AtMin] - MinWatermark; } }

        /// <summary>Pages ever allocated.</summary>
        public long PagesAllocated { get { return Freed + PageCount - Free; } }

        /// <summary>Pages ever freed.</summary>
        public long PagesFreed { get { return Freed; } }

        /// <summary>Adds the free blocks of each order to <paramref name="counts"/> (at least 11 numbers), as /proc/buddyinfo counts them.</summary>
        /// <param name="counts">By order; what is in it already stays in the sum, so that zones can be added up.</param>
        public void CountFree(int[] counts)
        {
            Misuse.Given(counts, nameof(counts));
            Map.CountFree(counts);
        }

        /// <summary>The order of the pageblocks by which the zone groups its blocks by mobility; -1 where it does not.</summary>
        public int PageblockOrder { get { return Map.PageblockOrder; } }

        /// <summary>Pageblocks that are kept for small unmovable blocks now.</summary>
        public int UnmovablePageblocks { get { return Map.UnmovablePageblocks; } }

        /// <summary>Adds those free blocks of each order to <paramref name="counts"/> (at least 11 numbers) that lie in pageblocks for small
        /// unmovable blocks.</summary>
        /// <param name="counts">By order; what is in it already stays in the sum, so that zones can be added up.</param>
        public void CountFreeUnmovable(int[] counts)
        {
            Misuse.Given(counts, nameof(counts));
            Map.CountFreeUnmovable(counts);
        }

        /// <summary>Pages that an allocation must leave: of a request's own kind, or more where the zone serves as a fallback.</summary>
        /// <param name="asked">The zone that the request asks first, which is of its kind.</param>
        /// <param name="level">How far below its reserves the request may go.</param>
        internal int LimitFor(Zone asked, int level)
        {
            return Limits[IsDma == asked.IsDma ? level : FallbackClass * Levels + level];
        }

        /// <summary>The kernel's zone watermarks: low is 5/4 and high 3/2 of min; Atomic goes down to 3/8 of it.</summary>
        /// <remarks>mm/page_alloc.c: __setup_per_zone_wmarks, and __zone_watermark_ok for GFP_ATOMIC (half of it, then three quarters).</remarks>
        internal void SetLimits(int min, int lowmemReserve)
        {
            int atomic = min - (min >> 1);
            atomic -= atomic >> 2;
            for (int i = 0; i < Limits.Length; i++)
            {
                int level = i % Levels;
                Limits[i] = (level == AtLow ? min + (min >> 2) : level == AtMin ? min : atomic) + (i < Levels ? 0 : lowmemReserve);
            }
            LowLimit = Limits[AtLow];
        }
    }
}
