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
        /// <returns>Several lines, or nothing.</returns>
        public static string ToText(PageAllocator pages)
        {
            Misuse.Given(pages);
            PageFailure failure = pages.LastFailure;
            if (failure.Cause != null)
            {
                return failure.Cause.ToText();
            }
            if (failure.Pages == 0)
            {
                return "";
            }
            pages.DrainAllPages();
            string text = "page allocation failure: " + Size(pages, failure.Pages)
                + (failure.IsExact ? " exact" : " (order " + PageMap.OrderOf(failure.Pages).ToString() + ")")
                + (failure.Alignment <= pages.PageSize ? "" : ", aligned to " + SizeText.Of(failure.Alignment))
                + (Boundary(failure) == 0 ? "" : ", within " + Size(pages, Boundary(failure)))
                + ", gfp " + GfpText(failure.Gfp) + ", owner '" + pages.OwnerName(failure.Owner) + "'\n";
            for (int i = 0; i < pages.ZoneCount; i++)
            {
                Zone zone = pages.ZoneAt(i);
                text += zone.Name + ": " + ZoneVerdict(pages, zone) + "\n";
            }
            return text + "owners: " + BuddyText.TopOwners(pages) + "\n" + BuddyText.BuddyInfo(pages);
        }

        /// <summary>Why a zone could not serve the last failed request, in one line, as it stands now, drained.</summary>
        /// <returns>A text without a line's end, such as "fragmented: 42.7 MB free, largest 512 KB".</returns>
        public static string ZoneVerdict(PageAllocator pages, Zone zone)
        {
            Misuse.Given(pages);
            Misuse.Given(zone, nameof(zone));
            pages.DrainAllPages();
            PageFailure failure = pages.LastFailure;
            int wanted = failure.Pages;
            GfpFlags gfp = failure.Gfp;
            bool dma = (gfp & GfpFlags.Dma) != 0;
            if (pages.FailedForDevice && !IsAsked(failure, zone))
            {
                return "not asked: " + pages.Hold.WhyNotAsked(failure.Owner, zone);
            }
            if (!pages.FailedForDevice && (zone.Kind == ZoneKind.Normal ? dma : !dma && (gfp & GfpFlags.NoFallback) != 0))
            {
                return "not asked: the request wanted " + (dma ? "DMA" : "NORMAL") + " zones only";
            }
            int block = zone.BlockFor(wanted), most = zone.Map.FitsExactly ? zone.Pages : 1 << zone.MaxOrder;
            string facts = Size(pages, zone.FreePages) + " free, largest " + Size(pages, zone.LargestFreePages)
                + ", wanted " + Size(pages, wanted)
                + (block == wanted ? "" : " out of a block of " + Size(pages, block));
            if (block > most)
            {
                return "too large: " + facts + (wanted > zone.Pages
                    ? "; all of the zone is " + Size(pages, zone.Pages)
                    : "; no block of its map is larger than " + Size(pages, most)
                        + ": a map of runs, or a reserved pool, could hold it");
            }
            if (!FitsWhenEmpty(pages, zone, failure))
            {
                return "not aligned: " + facts + "; " + PlaceText(pages, failure) + " is nowhere in it, free or taken";
            }
            if (zone.FreePages < wanted)
            {
                return "out of memory: " + facts;
            }
            int reserve = failure.Zones != null && zone.IsDma != failure.Zones[0].IsDma ? zone.LowmemReservePages : 0;
            int kept = (gfp & GfpFlags.Atomic) != 0 ? zone.Limits[Zone.AtAtomic] : zone.MinWatermark;
            // This comes before fragmentation: if the watermark refuses, it would also refuse if all free pages were one block.
            if (zone.FreePages - wanted < kept + reserve)
            {
                return "held back: " + facts + "; " + Size(pages, kept) + " kept by the watermark"
                    + (reserve == 0 ? "" : ", " + Size(pages, reserve) + " by lowmem_reserve");
            }
            if (zone.LargestFreePages < block)
            {
                return "fragmented: " + facts + ", index " + FragmentationIndex.Of(zone, PageMap.OrderOf(wanted)).ToString()
                    + (!failure.IsExact || zone.Map.FitsExactly ? ""
                        : "; exact pages tear its map of blocks: expected PageMapKind.Runs");
            }
            return PlaceVerdict(pages, zone, failure, facts);
        }

        /// <summary>The verdict on a zone in which enough is free in a row, but perhaps not where it was wanted.</summary>
        private static string PlaceVerdict(PageAllocator pages, Zone zone, PageFailure failure, string facts)
        {
            if (PlaceNow(pages, zone, failure, true, true, true) != 0)
            {
                return "would serve the request now: " + facts;
            }
            if (!failure.IsExact)
            {
                return "not aligned: " + facts + "; no place in it that is free begins at a multiple of that from the zone's start";
            }
            string boundary = Size(pages, Boundary(failure)), how = "lies within " + boundary + "; without the " + boundary + " boundary";
            uint place = Boundary(failure) == 0 ? 0 : PlaceNow(pages, zone, failure, true, false, true);
            if (place == 0)
            {
                how = "lies on " + SizeText.Of(failure.Alignment) + "; without the alignment";
                place = PlaceNow(pages, zone, failure, false, true, true);
            }
            if (place == 0 && failure.Rule != null)
            {
                how = "ends below the mask " + HexText.Of(failure.Rule.Mask) + "; without the mask";
                place = PlaceNow(pages, zone, failure, true, true, false);
            }
            if (place == 0)
            {
                how = "is " + PlaceText(pages, failure) + "; anywhere";
                place = PlaceNow(pages, zone, failure, false, false, false);
            }
            return "not aligned: " + facts + "; no place in it that is free " + how + " it would be served at " + HexText.Of(place);
        }

        /// <summary>What was asked of the place, all of it.</summary>
        private static string PlaceText(PageAllocator pages, PageFailure failure)
        {
            return "a place on " + SizeText.Of(failure.Alignment)
                + (Boundary(failure) == 0 ? "" : " and within " + Size(pages, Boundary(failure)))
                + (failure.Rule == null ? "" : " and below the mask " + HexText.Of(failure.Rule.Mask));
        }

        /// <summary>Where the request could be served now, asking what is said of its place.</summary>
        private static uint PlaceNow(PageAllocator pages, Zone zone, PageFailure failure, bool aligned, bool bounded, bool masked)
        {
            int shift = pages.PageShift, alignment = failure.IsExact ? failure.Alignment >> shift : failure.Pages;
            return pages.PlaceNow(zone, failure.Pages, Origin(zone, failure, shift), aligned ? alignment : 1,
                bounded ? Boundary(failure) : 0, masked ? End(zone, failure, shift) : zone.Pages);
        }

        /// <summary>Whether the zone would have a place for the request with all of it free.</summary>
        private static bool FitsWhenEmpty(PageAllocator pages, Zone zone, PageFailure failure)
        {
            if (!failure.IsExact)
            {
                return true;
            }
            int shift = pages.PageShift, origin = Origin(zone, failure, shift), end = End(zone, failure, shift);
            for (int piece = 0, length; piece < end; piece += length)
            {
                length = zone.Map.FitsExactly ? zone.Pages : LargestBlockAt(piece, zone);
                int page = PageMap.FirstPlace(piece, failure.Pages, origin, failure.Alignment >> shift, Boundary(failure));
                if (page >= 0 && page + failure.Pages <= piece + length && page + failure.Pages <= end)
                {
                    return true;
                }
            }
            return false;
        }

        private static int LargestBlockAt(int page, Zone zone)
        {
            int order = 0;
            while (order < zone.MaxOrder && (page & ((2 << order) - 1)) == 0 && page + (2 << order) <= zone.Pages)
            {
                order++;
            }
            return 1 << order;
        }

        private static int Origin(Zone zone, PageFailure failure, int shift)
        {
            // A block is aligned as pages count in the zone; from 1 as well as from 0, so that page 0 has an address.
            return failure.Rule != null ? (int)(zone.BusFirst >> shift) : failure.IsExact ? (int)(zone.First >> shift) : 1 << PageMap.MaxPageOrder;
        }

        private static int End(Zone zone, PageFailure failure, int shift)
        {
            long reached = failure.Rule == null ? zone.Pages : ((long)failure.Rule.Mask - zone.BusFirst + 1) >> shift;
            return reached < zone.Pages ? (int)reached : zone.Pages;
        }

        /// <summary>Pages that no run was to cross a multiple of; 0: none.</summary>
        private static int Boundary(PageFailure failure)
        {
            return failure.Rule == null ? 0 : failure.Rule.Boundary;
        }

        private static bool IsAsked(PageFailure failure, Zone zone)
        {
            for (int i = 0; i < failure.Zones.Length; i++)
            {
                if (failure.Zones[i] == zone)
                {
                    return true;
                }
            }
            return false;
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

        private static string Size(PageAllocator pages, int count)
        {
            return SizeText.Of((long)count * pages.PageSize);
        }
    }
}
