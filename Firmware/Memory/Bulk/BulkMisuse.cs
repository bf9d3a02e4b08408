using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>The exceptions of <see cref="PageBulk"/>: each names the page, its place, the owner and what was expected.</summary>
    internal static class BulkMisuse
    {
        internal static void Check(PageAllocator pages, uint[] addresses, int index, int count, PageOwner owner)
        {
            Misuse.Given(pages);
            Misuse.Given(addresses, nameof(addresses));
            if (index < 0 || count < 0 || count > addresses.Length - index)
            {
                throw new ArgumentOutOfRangeException(index < 0 || index > addresses.Length ? nameof(index) : nameof(count), count.ToString()
                    + " pages from place " + index.ToString() + " on: expected places of an array of " + addresses.Length.ToString());
            }
            pages.CheckOwner(owner);
        }

        /// <summary>A page among others that cannot be freed.</summary>
        internal static Exception WrongFree(PageAllocator pages, uint[] addresses, int index, int lost, PageOwner owner)
        {
            uint address = addresses[lost];
            int twin = PageBulk.PlaceOf(addresses, address, index, lost);
            if (twin >= 0)
            {
                return new InvalidOperationException("double free: " + HexText.Of(address) + " stands at place " + twin.ToString() + " and at place "
                    + lost.ToString() + Misuse.For(pages, owner) + ". Expected each page once");
            }
            Zone? zone = pages.FindZone(address);
            int page = pages.PageIn(zone, address);
            return page >= 0 && TakenBlocks.At(zone!, page) == 1 && zone!.Owners![page] != (byte)owner
                ? new InvalidOperationException("wrong owner: " + Misuse.Block(pages, zone, page) + " stands at place " + lost.ToString()
                    + ". Expected a page" + Misuse.For(pages, owner))
                : Misuse.WrongFree(pages, address, 1);
        }

        /// <summary>Pages that were freed by somebody else while they were freed with others.</summary>
        internal static Exception Lost(PageAllocator pages, int count, PageOwner owner) =>
            new InvalidOperationException("double free: another context freed " + count.ToString() + " of the pages" + Misuse.For(pages, owner)
                + " during FreePagesBulk. Expected each page to be freed once");
    }
}
