using System;

namespace Carveout.Memory
{
    /// <summary>Many single pages in one call: the kernel's alloc_pages_bulk and release_pages.</summary>
    /// <remarks>The allocator's lock is entered once for up to <see cref="MostAtOnce"/> pages and not once a page, and pages that lie in a row are
    /// taken and given back together: docs/costs.md. While owners are tracked, pages are hardened or calls are traced, each page goes the way of the
    /// single calls.</remarks>
    public static class PageBulk
    {
        /// <summary>Pages that are worked on in one section of the lock: it may be an interrupt mask, so sections must be short.</summary>
        internal const int MostAtOnce = 64;

        /// <summary>Takes single pages, as many as there are up to <paramref name="count"/>. They are those that as many calls of <see
        /// cref="PageAllocator.AllocPages"/> with order 0 would give, in this order; each is a block of its own, and any call can free it.</summary>
        /// <param name="gfp">For each page: which zones, how far down, and whether zeroed.</param>
        /// <param name="addresses">Where the physical addresses go.</param>
        /// <param name="index">The place of the first. A caller that got fewer can go on behind them.</param>
        /// <param name="count">How many are wanted, 0 or more.</param>
        /// <returns>How many were taken. Where fewer than wanted, the first that could not be counts as one failure. If an exception of a shrinker, of
        /// the lock or of the memory passes through, none is taken.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The array has no such places, or nobody registered the owner.</exception>
        /// <exception cref="InvalidOperationException">Zero is asked for, and the allocator was made without memory.</exception>
        public static int AllocPagesBulk(this PageAllocator pages, GfpFlags gfp, uint[] addresses, int index, int count, PageOwner owner)
        {
            BulkMisuse.Check(pages, addresses, index, count, owner);
            return Alloc(pages, gfp, addresses, index, count, owner);
        }

        /// <summary>Gives single pages back, all of them or none.</summary>
        /// <param name="addresses">Where their physical addresses are. Their places are 0 afterwards.</param>
        /// <param name="index">The place of the first.</param>
        /// <param name="count">How many, 0 or more.</param>
        /// <exception cref="ArgumentOutOfRangeException">The array has no such places, or nobody registered the owner.</exception>
        /// <exception cref="InvalidOperationException">One of them is no block of one page that this owner has and no device, or it stands in two
        /// places: nothing has changed. Or another context freed one during the call: the others are free.</exception>
        public static void FreePagesBulk(this PageAllocator pages, uint[] addresses, int index, int count, PageOwner owner)
        {
            BulkMisuse.Check(pages, addresses, index, count, owner);
            Free(pages, addresses, index, count, owner);
        }

        /// <summary><see cref="AllocPagesBulk"/> with arguments that have been checked. Where an exception passes through, the places are 0.</summary>
        internal static int Alloc(PageAllocator pages, GfpFlags gfp, uint[] addresses, int index, int count, PageOwner owner)
        {
            if (count == 1)
            {
                uint single = pages.AllocPages(gfp, 0, owner);
                if (single == 0)
                {
                    return 0;
                }
                addresses[index] = single;
                return 1;
            }
            int taken = 0;
            bool done = false;
            try
            {
                while (taken < count)
                {
                    int first = taken, most = count - taken < MostAtOnce ? count - taken : MostAtOnce;
                    taken += pages.Watch == null ? Take(pages, gfp, addresses, index + taken, most, owner) : 0;
                    if ((gfp & GfpFlags.Zero) != 0)
                    {
                        Zero(pages, addresses, index + first, index + taken, owner);
                    }
                    if (taken < first + most)
                    {
                        // The zones have no more above their reserves. This asks whoever can free some, and notes the failure if nobody can.
                        uint address = pages.AllocPages(gfp, 0, owner);
                        if (address == 0)
                        {
                            break;
                        }
                        addresses[index + taken++] = address;
                    }
                }
                done = true;
            }
            finally
            {
                if (!done)
                {
                    GiveOneByOne(pages, addresses, index, index + taken, 0);
                }
            }
            return taken;
        }

        /// <summary><see cref="FreePagesBulk"/> with arguments that have been checked.</summary>
        private static void Free(PageAllocator pages, uint[] addresses, int index, int count, PageOwner owner)
        {
            // A page that has been looked at gets another owner, so that it is not found a second time. The number has to be one that has a name,
            // since reports read it without the lock.
            PageOwner mark = owner != PageOwner.Unknown ? PageOwner.Unknown : pages.OwnerCount > 1 ? (PageOwner)1 : owner;
            int lost = FindLost(pages, addresses, index, count, owner, mark);
            if (mark == owner && lost < 0)
            {
                lost = FindTwin(addresses, index, index + count);
            }
            if (lost >= 0)
            {
                Unmark(pages, addresses, index, lost, owner);
                throw BulkMisuse.WrongFree(pages, addresses, index, lost, owner);
            }
            Give(pages, addresses, index, count, owner, mark, 0);
        }

        /// <summary>Looks for a page that the owner has not, or that a device has.</summary>
        /// <param name="mark">Who has those before the one that is found, from now on; not of a page that is alone.</param>
        /// <returns>Its place, or -1.</returns>
        internal static int FindLost(PageAllocator pages, uint[] addresses, int index, int count, PageOwner owner, PageOwner mark)
        {
            if (count == 1)
            {
                uint single = addresses[index];
                Zone? its = pages.FindZone(single);
                int at = pages.PageIn(its, single);
                return at >= 0 && its!.Owners![at] == (byte)owner && TakenBlocks.At(its, at) == 1 && !pages.IsMovable(its, at)
                    && !pages.IsHeldNow(single, 1) ? -1 : index;
            }
            int shift = pages.PageShift, last = index + count, lost = -1;
            uint pageSize = (uint)pages.PageSize, offsetMask = pageSize - 1, first = 0, length = 0;
            byte mine = (byte)owner, seeming = (byte)mark;
            Zone? zone = null;
            PageMap? map = null;
            byte[]? owners = null;
            bool plain = false;
            for (int begin = index; begin < last && lost < 0; begin += MostAtOnce)
            {
                int end = begin + MostAtOnce < last ? begin + MostAtOnce : last;
                pages.Enter();
                // What may hold pages back is asked for anew, as others were let in.
                length = 0;
                for (int i = begin; i < end;)
                {
                    uint address = addresses[i];
                    int page = (int)((address - first) >> shift);
                    if ((uint)page >= length)
                    {
                        // Another zone: mostly all pages are one's.
                        zone = pages.FindZone(address);
                        if (zone == null)
                        {
                            lost = i;
                            break;
                        }
                        first = zone.First;
                        length = (uint)zone.PageCount;
                        map = zone.Map;
                        owners = zone.Owners;
                        plain = zone.Held == null && zone.Handles == null && !pages.HasHolds;
                        page = (int)((address - first) >> shift);
                    }
                    // Pages in a row are looked at together.
                    int row = page, start = i, stop = end - i < (int)length - page ? end : i + (int)length - page;
                    while (owners![row] == mine && (plain || IsPlain(pages, zone!, row)))
                    {
                        owners[row++] = seeming;
                        address += pageSize;
                        if (++i == stop || addresses[i] != address)
                        {
                            break;
                        }
                    }
                    int singles = row == page || (address & offsetMask) != 0 ? 0 : map!.CountSingles(page, row - page);
                    if (singles < row - page || row == page)
                    {
                        lost = start + singles;
                        while (row > page + singles)
                        {
                            owners[--row] = mine;
                        }
                        break;
                    }
                }
                pages.Leave();
            }
            return lost;
        }

        /// <summary>Gives pages back that <see cref="FindLost"/> has looked at.</summary>
        /// <param name="addresses">Their addresses, or any within the pages.</param>
        /// <param name="mark">Who seems to have them.</param>
        /// <param name="gone">What takes the place of each address, before its page is free.</param>
        internal static void Give(PageAllocator pages, uint[] addresses, int index, int count, PageOwner owner, PageOwner mark, uint gone)
        {
            int shift = pages.PageShift, last = index + count;
            if (count == 1)
            {
                uint single = addresses[index] & (0 - (uint)pages.PageSize);
                addresses[index] = gone;
                pages.FreePages(single, 0);
                return;
            }
            if (pages.Watch != null)
            {
                if (mark != owner)
                {
                    Unmark(pages, addresses, index, last, owner);
                }
                GiveOneByOne(pages, addresses, index, last, gone);
                return;
            }
            uint first = 0, length = 0, pageSize = (uint)pages.PageSize, pageMask = 0 - pageSize;
            int missing = 0;
            byte mine = (byte)owner, seeming = (byte)mark;
            Zone? zone = null;
            PageMap? map = null;
            byte[]? owners = null;
            for (int begin = index; begin < last; begin += MostAtOnce)
            {
                int end = begin + MostAtOnce < last ? begin + MostAtOnce : last, freed = 0, missed = end - begin;
                pages.Enter();
                for (int i = begin; i < end;)
                {
                    uint address = addresses[i] & pageMask;
                    int page = (int)((address - first) >> shift);
                    if ((uint)page >= length)
                    {
                        missed -= Account(zone, freed);
                        freed = 0;
                        zone = pages.FindZone(address)!;
                        first = zone.First;
                        length = (uint)zone.PageCount;
                        map = zone.Map;
                        owners = zone.Owners;
                        page = (int)((address - first) >> shift);
                    }
                    // Pages in a row go back together.
                    int start = i, stop = end - i < (int)length - page ? end : i + (int)length - page;
                    do
                    {
                        addresses[i++] = gone;
                        address += pageSize;
                    }
                    while (i < stop && addresses[i] == address);
                    int behind = page + i - start;
                    if (seeming == mine)
                    {
                        freed += map!.FreeSingles(page, behind - page);
                        continue;
                    }
                    for (int row; page < behind; page = row + 1)
                    {
                        for (row = page; row < behind && owners![row] == seeming; row++)
                        {
                            owners[row] = mine;
                        }
                        freed += row == page ? 0 : map!.FreeSingles(page, row - page);
                    }
                }
                missed -= Account(zone, freed);
                pages.OwnerPageCounts[(int)owner] -= end - begin;
                // Who freed one since it was looked at took it from the account of the mark.
                pages.OwnerPageCounts[(int)mark] += missed;
                missing += missed;
                pages.Leave();
            }
            if (missing != 0)
            {
                throw BulkMisuse.Lost(pages, missing, owner);
            }
        }

        /// <summary>Takes as many pages as the zones have above their reserves, in one section of the lock.</summary>
        private static int Take(PageAllocator pages, GfpFlags gfp, uint[] addresses, int index, int count, PageOwner owner)
        {
            Zone[] zones = pages.ZonesFor(gfp);
            int shift = pages.PageShift, taken = 0;
            uint pageSize = (uint)pages.PageSize;
            bool movable = (gfp & GfpFlags.Movable) != 0;
            byte mine = (byte)owner;
            if (pages.Lock != null)
            {
                pages.Lock.AcquireToAlloc((gfp & GfpFlags.Atomic) != 0);
            }
            for (int z = 0; z < zones.Length && taken < count; z++)
            {
                Zone zone = zones[z];
                // Zone.LimitFor, written out.
                int left = zone.Free - zone.Limits[zone.IsDma == zones[0].IsDma ? Zone.AtLow : Zone.FallbackClass * Zone.Levels + Zone.AtLow];
                int before = taken, most = left < count - taken ? taken + left : count;
                PageMap map = zone.Map;
                byte[] owners = zone.Owners!;
                uint first = zone.First;
                while (taken < most)
                {
                    int end = taken + map.AllocSingles(most - taken, movable, out int page);
                    if (end == taken)
                    {
                        break;
                    }
                    uint address = first + ((uint)page << shift);
                    while (taken < end)
                    {
                        owners[page++] = mine;
                        addresses[index + taken++] = address;
                        address += pageSize;
                    }
                }
                zone.Free -= taken - before;
            }
            pages.OwnerPageCounts[(int)owner] += taken;
            pages.Leave();
            return taken;
        }

        /// <summary>Whether a taken page that begins there is nobody's but its owner's.</summary>
        private static bool IsPlain(PageAllocator pages, Zone zone, int page) =>
            TakenBlocks.At(zone, page) != 0 && !pages.IsMovable(zone, page)
                && !pages.IsHeld(zone.First + ((uint)page << pages.PageShift), 1);

        private static void Zero(PageAllocator pages, uint[] addresses, int index, int last, PageOwner owner)
        {
            if (index < last && pages.Memory == null)
            {
                throw Misuse.NothingToZero(pages, owner);
            }
            for (int i = index; i < last; i++)
            {
                pages.Memory!.Fill(addresses[i], pages.PageSize, 0);
            }
        }

        /// <summary>Frees pages by the ordinary call. Where one throws, because the memory cannot be poisoned say, the others are freed all the
        /// same, and the exception passes through.</summary>
        private static void GiveOneByOne(PageAllocator pages, uint[] addresses, int index, int last, uint gone)
        {
            int i = index;
            try
            {
                while (i < last)
                {
                    uint address = addresses[i] & (0 - (uint)pages.PageSize);
                    addresses[i++] = gone;
                    pages.FreePages(address, 0);
                }
            }
            finally
            {
                if (i < last)
                {
                    GiveOneByOne(pages, addresses, i, last, gone);
                }
            }
        }

        /// <summary>Gives pages that were looked at their owner back.</summary>
        private static void Unmark(PageAllocator pages, uint[] addresses, int index, int last, PageOwner owner)
        {
            for (int i = index; i < last; i++)
            {
                Zone zone = pages.FindZone(addresses[i])!;
                pages.Enter();
                zone.Owners![pages.PageIn(zone, addresses[i])] = (byte)owner;
                pages.Leave();
            }
        }

        /// <summary>The first place of an address, or -1.</summary>
        internal static int PlaceOf(uint[] addresses, uint address, int index, int last)
        {
            while (index < last && addresses[index] != address)
            {
                index++;
            }
            return index < last ? index : -1;
        }

        /// <summary>The place of the second of two that are the same, or -1. Slow: for an allocator whose only owner is "unknown".</summary>
        private static int FindTwin(uint[] addresses, int index, int last)
        {
            for (int i = index; i < last; i++)
            {
                if (PlaceOf(addresses, addresses[i], index, i) >= 0)
                {
                    return i;
                }
            }
            return -1;
        }

        /// <summary>Counts pages of a zone that were freed.</summary>
        private static int Account(Zone? zone, int freed)
        {
            if (freed != 0)
            {
                zone!.Free += freed;
                zone.Freed += freed;
            }
            return freed;
        }
    }
}
