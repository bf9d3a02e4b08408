using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>The exceptions of <see cref="Mempool"/>: each names the pool, address, owner and what was expected.</summary>
    internal static class MempoolMisuse
    {
        internal static void CheckCounts(string name, int minCount, int maxCount)
        {
            if (minCount < 1 || minCount > maxCount || maxCount > Mempool.MaxElements)
            {
                throw new ArgumentOutOfRangeException(nameof(minCount), "mempool '" + name + "': " + minCount.ToString() + " of "
                    + maxCount.ToString() + " elements: expected 1 to the most it can hold, and that at most "
                    + Mempool.MaxElements.ToString());
            }
        }

        internal static Exception BadOrder(string name, int order)
        {
            return new ArgumentOutOfRangeException("order", "mempool '" + name + "': order " + order.ToString() + ": expected 0 to "
                + PageMap.MaxPageOrder.ToString());
        }

        internal static Exception BadFlags(string name, GfpFlags gfp)
        {
            return new ArgumentOutOfRangeException("gfp", "mempool '" + name + "': flags " + ((int)gfp).ToString()
                + ": expected Kernel, Dma or NoFallback; the others are Alloc's");
        }

        /// <summary>This is no misuse: memory is too short for the minimum. The pool is not made, and the text says by how much.</summary>
        internal static Exception Missing(Mempool pool, int minCount, int had)
        {
            return new OutOfMemoryException("mempool '" + pool.Name + "' wants " + minCount.ToString() + " elements of "
                + pool.ElementSize.ToString() + " bytes and got " + had.ToString() + ": "
                + ((long)(minCount - had) * pool.ElementSize).ToString() + " bytes are missing");
        }

        /// <summary>No live element begins at the address; the text says what lies there.</summary>
        internal static Exception WrongFree(Mempool pool, uint address)
        {
            string text = "mempool '" + pool.Name + "': ";
            if (pool.Cache != null)
            {
                return new InvalidOperationException(text + (pool.Cache.IsLive(address)
                    ? "the object at " + HexText.Of(address) + " was taken from cache '" + pool.Cache.Name
                        + "' itself. Expected an element that Alloc of this pool returned"
                    : SlabMisuse.NotLive(pool.Cache.Allocator, pool.Cache, address).Message));
            }
            PageAllocator pages = pool.Pages;
            Zone zone = pages.FindZone(address);
            uint inZone = zone == null ? 0 : address - zone.Start;
            bool foreign = zone != null && inZone % (uint)pages.PageSize == 0
                && TakenBlocks.At(zone, (int)(inZone / (uint)pages.PageSize)) == 1 << pool.Order;
            return new InvalidOperationException(text + (foreign
                ? "the block at " + HexText.Of(address) + " is owner '" + pages.OwnerName(pages.OwnerAt(address))
                    + "''s. Expected an element that Alloc of this pool returned"
                : Misuse.WrongFree(pages, address, 1 << pool.Order).Message));
        }

        internal static Exception Held(Mempool pool, PageAllocator pages, uint address)
        {
            return pages.Hold.Refusal("mempool '" + pool.Name + "': free", "the element at " + HexText.Of(address), address, pool.ElementSize);
        }

        internal static Exception NotOut(string name, uint address, bool inReserve)
        {
            return new InvalidOperationException("mempool '" + name + "': " + (inReserve
                ? "double free: " + HexText.Of(address) + " lies in the reserve"
                : HexText.Of(address) + " is none of its elements, of which none is out")
                + ". Expected an element that Alloc of this pool returned and that has not been freed since");
        }

        internal static Exception NothingToZero(Mempool pool)
        {
            return new InvalidOperationException("GfpFlags.Zero asked of mempool '" + pool.Name + "', which has "
                + (pool.Cache != null && pool.Cache.HasConstructor
                ? "a cache with a constructor: its elements come constructed"
                : "no memory to write to; expected a PhysicalMemory in its allocator's constructor"));
        }

        internal static Exception InUse(Mempool pool)
        {
            return new InvalidOperationException("mempool '" + pool.Name + "' cannot be destroyed: " + pool.LiveCount.ToString()
                + " elements of " + pool.ElementSize.ToString() + " bytes are out; expected none");
        }

        internal static Exception Destroyed(string name)
        {
            return new InvalidOperationException("mempool '" + name + "' is destroyed. Expected one that is not");
        }
    }
}
