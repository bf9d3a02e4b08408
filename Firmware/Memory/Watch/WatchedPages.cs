using System;

namespace Carveout.Memory
{
    /// <summary>What watches a page allocator's calls: owner tracking, hardening and tracing, each switched on and off here. For boot, before
    /// anybody shares the allocator.</summary>
    /// <remarks>While one of them is on, every call of the allocator takes the long way: docs/costs.md.</remarks>
    public static class WatchedPages
    {
        /// <summary>Records every allocation from now on, with its owner, the bytes taken and a sequence number: the kernel's page_owner.</summary>
        /// <remarks>The table does not know what was allocated before, so freeing or trimming that changes nothing in it. A table that is
        /// switched off keeps its entries. It would be wrong if it were switched on again, so only an empty table is accepted. Pages and slab
        /// objects have the same addresses, so each of the two needs a table of its own.</remarks>
        /// <param name="pages">Whose allocations.</param>
        /// <param name="table">An empty table that nobody else uses; null switches tracking off.</param>
        /// <exception cref="ArgumentNullException"><paramref name="pages"/> is null.</exception>
        /// <exception cref="InvalidOperationException">The table holds allocations, or somebody uses it already.</exception>
        public static void TrackOwners(this PageAllocator pages, OwnerTable? table)
        {
            Misuse.Given(pages, nameof(pages));
            if (table != null && (table.Count != 0 || table.IsUsed))
            {
                throw WatchMisuse.UsedOwnerTable(table.Count);
            }
            PageGuard guard = PageGuard.Of(pages) ?? new PageGuard(pages);
            if (guard.Owners != null)
            {
                guard.Owners.IsUsed = false;
            }
            if (table != null)
            {
                table.IsUsed = true;
            }
            guard.Owners = table;
            pages.Watch = guard.Watches ? guard : null;
        }

        /// <summary>The table that records who took what, or null: <see cref="TrackOwners"/>.</summary>
        /// <param name="pages">Whose allocations.</param>
        /// <returns>The table, or null.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="pages"/> is null.</exception>
        public static OwnerTable? GetOwnerTable(this PageAllocator pages)
        {
            Misuse.Given(pages, nameof(pages));
            PageGuard guard = PageGuard.Of(pages);
            return guard == null ? null : guard.Owners;
        }

        /// <summary>Records every operation from now on: what was asked for and refused, taken, trimmed and freed, when and by whom.</summary>
        /// <remarks>What hardening holds back is recorded when it is freed, not when it is released. A ring that is switched off keeps its
        /// records.</remarks>
        /// <param name="pages">Whose operations.</param>
        /// <param name="ring">An empty ring that nobody used; null ends tracing.</param>
        /// <exception cref="ArgumentNullException"><paramref name="pages"/> is null.</exception>
        /// <exception cref="InvalidOperationException">The ring has been used, here or elsewhere.</exception>
        public static void Trace(this PageAllocator pages, TraceRing? ring)
        {
            Misuse.Given(pages, nameof(pages));
            if (ring != null)
            {
                ring.Begin(pages.Lock);
            }
            PageGuard guard = PageGuard.Of(pages) ?? new PageGuard(pages);
            guard.Trace = ring;
            pages.Watch = guard.Watches ? guard : null;
        }

        /// <summary>The ring that records operations, or null: <see cref="Trace"/>.</summary>
        /// <param name="pages">Whose operations.</param>
        /// <returns>The ring, or null.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="pages"/> is null.</exception>
        public static TraceRing? GetTraceRing(this PageAllocator pages)
        {
            Misuse.Given(pages, nameof(pages));
            PageGuard guard = PageGuard.Of(pages);
            return guard == null ? null : guard.Trace;
        }

        /// <summary>From now on pages are poisoned, guarded and held back when freed, as <paramref name="hardening"/> says.</summary>
        /// <remarks>Pages that were not freed since are not checked. What hardening was in force before ends: its quarantine is released.</remarks>
        /// <param name="pages">The allocator.</param>
        /// <param name="hardening">Nobody else's; null switches hardening off.</param>
        /// <exception cref="ArgumentNullException"><paramref name="pages"/> is null.</exception>
        /// <exception cref="InvalidOperationException">The allocator was made without memory, or the hardening is in force already.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A zone lies outside the memory.</exception>
        public static void Harden(this PageAllocator pages, PageHardening? hardening)
        {
            Misuse.Given(pages, nameof(pages));
            PageGuard guard = PageGuard.Of(pages) ?? new PageGuard(pages);
            if (hardening != null)
            {
                hardening.Begin(pages);
            }
            guard.ReleaseQuarantine();
            if (guard.Hardening != null)
            {
                guard.Hardening.End();
            }
            for (int i = 0; i < pages.ZoneCount; i++)
            {
                Zone zone = pages.ZoneAt(i);
                zone.Held = hardening == null ? null : new HardenedPages(zone.PageCount);
            }
            guard.Hardening = hardening;
            pages.Watch = guard.Watches ? guard : null;
        }

        /// <summary>What pages are hardened by, or null: <see cref="Harden"/>.</summary>
        /// <param name="pages">The allocator.</param>
        /// <returns>The hardening, or null.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="pages"/> is null.</exception>
        public static PageHardening? GetPageHardening(this PageAllocator pages)
        {
            Misuse.Given(pages, nameof(pages));
            PageGuard guard = PageGuard.Of(pages);
            return guard == null ? null : guard.Hardening;
        }
    }
}
