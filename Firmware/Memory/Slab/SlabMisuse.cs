using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>The exceptions of <see cref="KmemCache"/>: each names address or cache, the owner where that is known, and what was
    /// expected.</summary>
    /// <remarks>Made without the lock, so they may describe what another context has changed meanwhile.</remarks>
    internal static class SlabMisuse
    {
        internal static Exception BadSize(string name, int size, int largest, bool redZones)
        {
            return new ArgumentOutOfRangeException("objectSize", Cache(name) + ": objects of " + size.ToString()
                + " bytes: expected 1 to " + largest.ToString() + (redZones ? ", with red zones" : ""));
        }

        internal static Exception BadAlignment(string name, int alignment, int page)
        {
            return new ArgumentOutOfRangeException("alignment", Cache(name) + ": alignment " + alignment.ToString()
                + ": expected a power of two from " + SlabAllocator.MinObjectSize.ToString() + " to " + page.ToString());
        }

        internal static Exception BadFlags(string name, GfpFlags gfp)
        {
            return new ArgumentOutOfRangeException("gfp", Cache(name) + ": flags " + ((int)gfp).ToString()
                + ": expected Kernel, Dma, NoFallback or Movable, which say where slabs come from; the others are Alloc's");
        }

        /// <summary>Which zones Kmalloc's memory comes from is decided when its caches are made.</summary>
        internal static Exception BadKmallocFlags(GfpFlags gfp)
        {
            return new ArgumentOutOfRangeException("gfp", "Kmalloc with flags " + ((int)gfp).ToString()
                + ": expected no others than Dma, Atomic, Zero, NoWarn and NoRetry");
        }

        internal static Exception BadKmallocSize(int size)
        {
            return new ArgumentOutOfRangeException(nameof(size), "Kmalloc of " + size.ToString() + " bytes: expected 1 or more");
        }

        internal static Exception TakenZone(Zone zone)
        {
            return new InvalidOperationException("zone " + zone.Name + " has a slab allocator already");
        }

        internal static Exception TakenName(string name)
        {
            return new InvalidOperationException("a " + Cache(name) + " exists already");
        }

        internal static Exception TooManyCaches(string name)
        {
            return new InvalidOperationException(Cache(name) + " cannot be created: there are " + SlabAllocator.MaxCaches.ToString() + " already");
        }

        /// <summary>The same of Kmalloc's.</summary>
        internal static Exception TooManyCaches(SlabAllocator slabs, int count)
        {
            return new InvalidOperationException(count.ToString() + " caches for Kmalloc: expected at most "
                + (SlabAllocator.MaxCaches - slabs.CacheCount).ToString() + " beside the " + slabs.CacheCount.ToString() + " that there are");
        }

        internal static Exception TooManyOwners(int owners, int left)
        {
            return new InvalidOperationException("caches for Kmalloc need numbers for " + owners.ToString() + " owners: expected at most the "
                + left.ToString() + " that are left of " + PageAllocator.MaxOwners.ToString());
        }

        /// <summary>An address for Kfree lies in a slab of another cache.</summary>
        internal static Exception NotOfKmalloc(KmemCache cache, uint address)
        {
            return NotOfKmalloc(address, ": it lies in a slab of " + Cache(cache.Name));
        }

        /// <summary>No allocation of Kmalloc that no cache holds begins at the address: says what does lie there.</summary>
        internal static Exception NoRun(SlabAllocator slabs, uint address)
        {
            Zone? zone = slabs.Pages.FindZone(address);
            int page = slabs.Pages.PageIn(zone, address);
            return page < 0 || TakenBlocks.At(zone!, page) == 0
                ? Misuse.WrongFree(slabs.Pages, address, 0)
                : NotOfKmalloc(address, PageOwnerText(slabs, address));
        }

        private static Exception NotOfKmalloc(uint address, string why)
        {
            return new InvalidOperationException(HexText.Of(address) + " is no allocation of Kmalloc" + why
                + ". Expected an address that Kmalloc returned");
        }

        internal static Exception BadQuarantine(string name, int quarantine)
        {
            return new ArgumentOutOfRangeException("quarantine", Cache(name) + ": a quarantine of " + quarantine.ToString()
                + " objects: expected 0 to " + ObjectHardening.MostQuarantined.ToString());
        }

        internal static Exception BadEmptyCount(KmemCache cache, int count)
        {
            return new ArgumentOutOfRangeException("value", Cache(cache.Name) + ": " + count.ToString() + " empty slabs to keep: expected 0 or more");
        }

        internal static Exception PoisonedConstructor(string name)
        {
            return new ArgumentException(Cache(name) + " has a constructor and cannot be poisoned: its free objects are constructed ones, which"
                + " poison would overwrite. Expected no constructor, or RedZone alone", "debug");
        }

        internal static Exception NothingToCheck(string name)
        {
            return new ArgumentException(Cache(name) + " cannot be hardened: expected a slab allocator made with memory to look at"
                + " and a FindingLog to report to", "debug");
        }

        internal static Exception NothingToZero(KmemCache cache)
        {
            return NothingToZero(Cache(cache.Name), cache.HasConstructor ? "a constructor: its objects come constructed" : "no memory to write to");
        }

        /// <summary>The same of a run of pages.</summary>
        internal static Exception NothingToZero()
        {
            return NothingToZero("Kmalloc", "no memory to write to");
        }

        internal static Exception Destroyed(KmemCache cache, bool again)
        {
            return new InvalidOperationException(Cache(cache.Name) + " is destroyed" + (again ? " already" : ""));
        }

        /// <summary>How many objects keep a cache from being destroyed, and whose they are.</summary>
        internal static Exception InUse(SlabAllocator slabs, KmemCache cache, int live)
        {
            string text = Cache(cache.Name) + " cannot be destroyed: " + live.ToString() + " objects of " + cache.ObjectSize.ToString()
                + " bytes are in use: ";
            OwnerTable table = slabs.Owners;
            if (table == null)
            {
                return new InvalidOperationException(text + "whose they are is not tracked (SlabAllocator.TrackOwners does). Expected none");
            }
            var counts = new int[PageAllocator.MaxOwners];
            int recorded = 0;
            for (int slot = 0; slot < table.Capacity; slot++)
            {
                if (table.AddressAt(slot) != 0 && slabs.FindCache(table.AddressAt(slot)) == cache)
                {
                    counts[(int)table.OwnerAt(slot)]++;
                    recorded++;
                }
            }
            string separator = "";
            for (int owner = 0; owner < counts.Length; owner++)
            {
                if (counts[owner] != 0)
                {
                    text += separator + slabs.Pages.OwnerName((PageOwner)owner) + " " + counts[owner].ToString();
                    separator = ", ";
                }
            }
            return new InvalidOperationException(text + (recorded == live
                ? ""
                : separator + "not recorded " + (live - recorded).ToString() + " (taken before tracking, or dropped: the table was full "
                    + table.Dropped.ToString() + " times)") + ". Expected none");
        }

        /// <summary>No object in use begins at the address: says what does lie there.</summary>
        internal static Exception NotLive(SlabAllocator slabs, KmemCache cache, uint address)
        {
            int slab = slabs.FindSlab(address);
            KmemCache holder = slab < 0 ? null : slabs.CacheOf(slab);
            string text = HexText.Of(address) + " is no object in use of " + Cache(cache.Name) + ": ";
            if (holder == null)
            {
                text += "no slab lies there" + PageOwnerText(slabs, address);
            }
            else if (holder != cache)
            {
                text += "it lies in a slab of " + Cache(holder.Name);
            }
            else if (address - slabs.Address[slab] < (uint)cache.FrontSize)
            {
                text += "it lies in front of the slab's first object at " + HexText.Of(slabs.Address[slab] + (uint)cache.FrontSize);
            }
            else
            {
                uint offset = address - slabs.Address[slab] - (uint)cache.FrontSize, within = offset % (uint)cache.Stride;
                if (offset / (uint)cache.Stride >= (uint)cache.ObjectsPerSlab)
                {
                    text += "it lies behind the slab's last object";
                }
                else if (within != 0)
                {
                    text += "it lies " + within.ToString() + " bytes inside the object at " + HexText.Of(address - within)
                        + OwnerText(slabs, address - within);
                }
                else
                {
                    text = "double free: " + text + "it is free already" + (slabs.Guard == null ? "" : slabs.Guard.QuarantineText(cache, address));
                }
            }
            return new InvalidOperationException(text + ". Expected an address that Alloc returned and that has not been freed since");
        }

        internal static Exception Held(SlabAllocator slabs, KmemCache cache, uint address)
        {
            return slabs.Pages.Hold.Refusal("free", "the object at " + HexText.Of(address) + " of " + Cache(cache.Name) + OwnerText(slabs, address),
                address, cache.ObjectSize);
        }

        /// <summary>Whose pages an address lies in.</summary>
        private static string PageOwnerText(SlabAllocator slabs, uint address)
        {
            return " (owner '" + slabs.Pages.OwnerName(slabs.Pages.OwnerAt(address)) + "')";
        }

        /// <summary>Who took an object, where that is tracked.</summary>
        private static string OwnerText(SlabAllocator slabs, uint address)
        {
            return slabs.Guard == null ? "" : slabs.Guard.OwnerText(address);
        }

        private static Exception NothingToZero(string whom, string what)
        {
            return new InvalidOperationException("GfpFlags.Zero asked of " + whom + ", which has " + what);
        }

        private static string Cache(string name)
        {
            return "cache '" + name + "'";
        }
    }
}
