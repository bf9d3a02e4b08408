using System;

namespace Carveout.Memory
{
    /// <summary>Switches on and off what watches a page allocator's calls: owner tracking, hardening and tracing. For boot, before anybody
    /// shares the allocator.</summary>
    /// <remarks>While one of the three is on, every call of the allocator takes its slow path: docs/costs.md.</remarks>
    public static class WatchedPages
    {
        /// <summary>From now on, records every allocation with its owner, the bytes taken and a sequence number, as the kernel's page_owner
        /// does.</summary>
        /// <remarks>The table does not know earlier allocations; freeing or trimming those changes nothing in it. A table that is switched
        /// off keeps its entries. They would be wrong if it were switched on again, so only an empty table is accepted. Pages and slab
        /// objects can have the same address, so each needs a table of its own.</remarks>
        /// <param name="table">An empty table that nobody else uses; null switches tracking off.</param>
        /// <exception cref="InvalidOperationException">The table holds allocations, or somebody uses it already.</exception>
        public static void TrackOwners(this PageAllocator pages, OwnerTable? table)
        {
            Misuse.Given(pages, nameof(pages));
            if (table != null && (table.Count != 0 || table.IsUsed))
            {
                throw WatchMisuse.UsedOwnerTable(table.Count);
            }
            PageGuard guard = PageGuard.For(pages);
            if (guard.Owners != null)
            {
                guard.Owners.IsUsed = false;
            }
            if (table != null)
            {
                table.IsUsed = true;
            }
            guard.Owners = table;
            Route(pages, guard);
        }

        /// <summary>The table of <see cref="TrackOwners"/>, or null.</summary>
        public static OwnerTable? GetOwnerTable(this PageAllocator pages)
        {
            Misuse.Given(pages, nameof(pages));
            PageGuard guard = PageGuard.Of(pages);
            return guard == null ? null : guard.Owners;
        }

        /// <summary>From now on, records every operation: failed requests, allocations, trims and frees, each with its time and owner.</summary>
        /// <remarks>A block that hardening holds back is recorded when it is freed, not when it is released. A ring that is switched off
        /// keeps its records.</remarks>
        /// <param name="ring">An empty ring that nobody used; null ends tracing.</param>
        /// <exception cref="InvalidOperationException">The ring has been used, here or elsewhere.</exception>
        public static void Trace(this PageAllocator pages, TraceRing? ring)
        {
            Misuse.Given(pages, nameof(pages));
            if (ring != null)
            {
                ring.Begin(pages.Lock);
            }
            PageGuard guard = PageGuard.For(pages);
            guard.Trace = ring;
            Route(pages, guard);
        }

        /// <summary>The ring of <see cref="Trace"/>, or null.</summary>
        public static TraceRing? GetTraceRing(this PageAllocator pages)
        {
            Misuse.Given(pages, nameof(pages));
            PageGuard guard = PageGuard.Of(pages);
            return guard == null ? null : guard.Trace;
        }

        /// <summary>From now on, hardens pages as <paramref name="hardening"/> says: poison, red zones and quarantine.</summary>
        /// <remarks>Pages that are not freed after this call are not checked. If another hardening was on, it ends and its quarantine is
        /// released.</remarks>
        /// <param name="hardening">A hardening that no allocator uses; null switches hardening off.</param>
        /// <exception cref="InvalidOperationException">The allocator was made without memory, or the hardening is in force already.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A zone lies outside the memory.</exception>
        public static void Harden(this PageAllocator pages, PageHardening? hardening)
        {
            Misuse.Given(pages, nameof(pages));
            PageGuard guard = PageGuard.For(pages);
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
            Route(pages, guard);
        }

        /// <summary>The hardening of <see cref="Harden"/>, or null.</summary>
        public static PageHardening? GetPageHardening(this PageAllocator pages)
        {
            Misuse.Given(pages, nameof(pages));
            PageGuard guard = PageGuard.Of(pages);
            return guard == null ? null : guard.Hardening;
        }

        /// <summary>Sends the allocator's calls the way over the guard while there is something for it to see.</summary>
        private static void Route(PageAllocator pages, PageGuard guard) => pages.Watch = guard.Watches ? guard : null;
    }
}
