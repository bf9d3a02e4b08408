using Carveout.Board;
using Carveout.Memory;

namespace Carveout.Diagnostics
{
    /// <summary>What to print when an allocation failed: the request, why each zone said no, and who has the memory.</summary>
    public static class FailureReport
    {
        /// <summary>The whole report on the last failure; an empty text where there was none. Lines end with \n.</summary>
        /// <remarks>Drains the allocator first: what lies in hot slots or in quarantine is no fragmentation, since the next allocation that
        /// needs it merges it.</remarks>
        /// <param name="allocator">Whose latest failure it is.</param>
        /// <returns>Several lines, or nothing.</returns>
        /// <exception cref="System.ArgumentNullException"><paramref name="allocator"/> is null.</exception>
        public static string ToText(PageAllocator allocator)
        {
            Misuse.Given(allocator, nameof(allocator));
            PageFailure failure = allocator.LastFailure;
            if (failure.Pages == 0)
            {
                return "";
            }
            allocator.DrainAllPages();
            string text = "page allocation failure: " + SizeText.Of(Bytes(allocator, failure.Pages))
                + (failure.IsExact ? " exact" : " (order " + PageMap.OrderOf(failure.Pages).ToString() + ")")
                + (failure.Alignment <= allocator.PageSize ? "" : ", aligned to " + SizeText.Of(failure.Alignment))
                + ", gfp " + GfpText(failure.Gfp) + ", owner '" + allocator.OwnerName(failure.Owner) + "'\n";
            for (int i = 0; i < allocator.ZoneCount; i++)
            {
                Zone zone = allocator.ZoneAt(i);
                text += zone.Name + ": " + ZoneVerdict(allocator, zone) + "\n";
            }
            return text + "owners: " + ProcText.TopOwners(allocator) + "\n" + ProcText.BuddyInfo(allocator);
        }

        /// <summary>Why a zone could not serve the last failed request, in one line, as it stands now, drained.</summary>
        /// <param name="allocator">Whose latest failure it is.</param>
        /// <param name="zone">One of its zones.</param>
        /// <returns>A text without a line's end, such as "fragmented: 42.7 MB free, largest 512 KB".</returns>
        /// <exception cref="System.ArgumentNullException"><paramref name="allocator"/> or <paramref name="zone"/> is null.</exception>
        public static string ZoneVerdict(PageAllocator allocator, Zone zone)
        {
            Misuse.Given(allocator, nameof(allocator));
            Misuse.Given(zone, nameof(zone));
            allocator.DrainAllPages();
            PageFailure failure = allocator.LastFailure;
            int wanted = failure.Pages;
            GfpFlags gfp = failure.Gfp;
            bool dma = (gfp & GfpFlags.Dma) != 0;
            if (zone.Kind == ZoneKind.Normal ? dma : !dma && (gfp & GfpFlags.NoFallback) != 0)
            {
                return "not asked: the request wanted " + (dma ? "DMA" : "NORMAL") + " zones only";
            }
            int block = zone.BlockFor(wanted);
            string facts = SizeText.Of(Bytes(allocator, zone.FreePages)) + " free, largest " + SizeText.Of(Bytes(allocator, zone.LargestFreePages))
                + ", wanted " + SizeText.Of(Bytes(allocator, wanted))
                + (block == wanted ? "" : " out of a block of " + SizeText.Of(Bytes(allocator, block)));
            if (zone.FreePages < wanted)
            {
                return "out of memory: " + facts;
            }
            int reserve = zone.Kind == ZoneKind.Dma && !dma ? zone.LowmemReservePages : 0;
            int kept = (gfp & GfpFlags.Atomic) != 0 ? zone.Limits[Zone.AtAtomic] : zone.MinWatermark;
            // This comes before fragmentation: if the watermark refuses, it would also refuse if all free pages were one block.
            if (zone.FreePages - wanted < kept + reserve)
            {
                return "held back: " + facts + "; " + SizeText.Of(Bytes(allocator, kept)) + " kept by the watermark"
                    + (reserve == 0 ? "" : ", " + SizeText.Of(Bytes(allocator, reserve)) + " by lowmem_reserve");
            }
            if (zone.LargestFreePages < block)
            {
                return "fragmented: " + facts + ", index " + FragmentationIndex.Of(zone, PageMap.OrderOf(wanted)).ToString();
            }
            return failure.Alignment <= allocator.PageSize
                ? "not asked, or it would serve the request now: " + facts
                : "not aligned: " + facts + "; no place in it that is free lies on " + SizeText.Of(failure.Alignment);
        }

        private static string GfpText(GfpFlags gfp)
        {
            string text = (gfp & GfpFlags.Atomic) != 0 ? "Atomic" : "Kernel";
            text += (gfp & GfpFlags.Dma) != 0 ? "|Dma" : "";
            text += (gfp & GfpFlags.Zero) != 0 ? "|Zero" : "";
            text += (gfp & GfpFlags.NoFallback) != 0 ? "|NoFallback" : "";
            text += (gfp & GfpFlags.Movable) != 0 ? "|Movable" : "";
            return text + ((gfp & GfpFlags.NoRetry) != 0 ? "|NoRetry" : "");
        }

        private static long Bytes(PageAllocator allocator, int pages)
        {
            return (long)pages * allocator.PageSize;
        }
    }
}
