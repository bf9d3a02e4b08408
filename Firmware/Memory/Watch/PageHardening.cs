using System;
using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>How pages are hardened against writes that come too late or are too long.</summary>
    /// <remarks>
    /// <para>Poison: a freed page is filled with <see cref="Poison"/> and checked when it is handed out again. The first byte that is not
    /// poison is a finding that names the page and its last owner. Pages that were not freed since hardening began are not checked.</para>
    /// <para>Red zone: a request by bytes (AllocBlock, AllocPagesExact) may leave the end of its last page unused. These bytes are filled
    /// with <see cref="RedZone"/>. They are checked when the block is freed, or when it is trimmed to fewer pages than were asked for,
    /// which removes the red zone. Extra pages of a block, and blocks of whole pages, have no red zone.</para>
    /// <para>Quarantine: the latest freed blocks are held back, so that a stale write hits no new owner and a second free is recognised.
    /// The oldest is released when there are too many. All are released when an allocation would otherwise ask shrinkers or fail, on <see
    /// cref="PageAllocator.DrainAllPages"/>, and when hardening ends. The pages that TrimPages cuts off are poisoned; they are no block, so
    /// they are not held back.</para>
    /// <para>The bytes are the kernel's PAGE_POISON and SLUB_RED_ACTIVE (include/linux/poison.h; mm/page_poison.c); the quarantine is
    /// KASAN's (mm/kasan/quarantine.c), counted in blocks.</para>
    /// <para>Pages are filled without the allocator's lock, and checked piece by piece under it. Nothing is allocated once hardening has
    /// begun. Findings are recorded under the allocator's lock.</para>
    /// </remarks>
    public sealed class PageHardening
    {
        /// <summary>The byte of freed pages.</summary>
        public const byte Poison = 0xAA;

        /// <summary>The byte behind the bytes that were asked for.</summary>
        public const byte RedZone = 0xCC;

        internal const int MaxQuarantined = Quarantine.Most;

        private readonly bool _poisons, _guards;

        private readonly Quarantine _held;

        private PhysicalMemory? _memory;
        private AllocatorLock? _lock;
        private PatternCheck? _check;
        private int _pageShift;

        /// <summary>Describes how to harden pages; nothing happens before <see cref="WatchedPages.Harden"/>.</summary>
        /// <param name="poison">Whether freed pages are poisoned.</param>
        /// <param name="redZones">Whether requests by bytes get a red zone.</param>
        /// <param name="quarantine">Blocks to hold back: 0 to 4096.</param>
        /// <exception cref="ArgumentNullException">There is no log.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The quarantine is not 0 to 4096.</exception>
        public PageHardening(FindingLog log, bool poison, bool redZones, int quarantine)
        {
            Misuse.Given(log, nameof(log));
            Misuse.CheckRange(nameof(quarantine), quarantine, " blocks in quarantine", 0, MaxQuarantined);
            Log = log;
            _poisons = poison;
            _guards = redZones;
            _held = new Quarantine(quarantine);
        }

        /// <summary>Where findings go.</summary>
        public FindingLog Log { get; }

        /// <summary>How many blocks are held back now.</summary>
        public int Quarantined { get { return _held.Count; } }

        /// <summary>How many blocks can be held back.</summary>
        public int QuarantineCapacity { get { return _held.Capacity; } }

        internal void Begin(PageAllocator pages)
        {
            if (pages.Memory == null)
            {
                throw WatchMisuse.NothingToHarden();
            }
            if (_check != null)
            {
                throw WatchMisuse.UsedHardening();
            }
            var check = new PatternCheck(pages.Memory);
            for (int i = 0; i < pages.ZoneCount; i++)
            {
                // If the memory throws, it does so here, at boot, and not under the lock later.
                Zone zone = pages.ZoneAt(i);
                check.Bytes(zone.First, 1);
                check.Bytes(zone.First + ((uint)zone.PageCount << pages.PageShift) - 1, 1);
            }
            _check = check;
            _memory = pages.Memory;
            _lock = pages.Lock;
            _pageShift = pages.PageShift;
        }

        internal void End() => _check = null;

        /// <summary>Checks pages that have just been taken, before anybody writes to them.</summary>
        internal void CheckTaken(Zone zone, int page, int pages)
        {
            HardenedPages state = HardenedPages.Of(zone);
            for (int p = page; p < page + pages; p++)
            {
                if (state.TakePoison(p))
                {
                    var last = (PageOwner)state.LastOwners[p];
                    Look(FindingKind.PoisonOverwritten, AddressOf(zone, p), 1 << _pageShift, last, 0, 1 << _pageShift, Poison);
                }
            }
        }

        /// <summary>Puts a red zone behind the bytes of a new block.</summary>
        internal void GuardSlack(Zone zone, int page, int size)
        {
            int slack = Slack(size);
            if (_guards && slack != 0)
            {
                HardenedPages.Of(zone).Asked[page] = size;
                _memory.Fill(AddressOf(zone, page) + (uint)size, slack, RedZone);
            }
        }

        /// <summary>Checks the red zone of a block in use, if it has one, and puts the next one behind the bytes that its owner wants now.</summary>
        internal void MoveRedZone(Zone zone, int page, int size)
        {
            HardenedPages state = HardenedPages.Of(zone);
            int asked = state.Asked[page];
            if (asked != 0)
            {
                state.Asked[page] = 0;
                Look(FindingKind.RedZoneOverwritten, AddressOf(zone, page), asked, (PageOwner)zone.Owners![page], asked, Slack(asked), RedZone);
            }
            GuardSlack(zone, page, size);
        }

        /// <summary>Checks a block that is freed or trimmed while it is held back, and poisons the pages that do not stay.</summary>
        internal void Retire(Zone zone, int page, int keep, int pages, PageOwner owner)
        {
            HardenedPages state = HardenedPages.Of(zone);
            int size = state.Asked[page];
            if (size != 0 && keep <= (size - 1) >> _pageShift)
            {
                state.Asked[page] = 0;
                Look(FindingKind.RedZoneOverwritten, AddressOf(zone, page), size, owner, size, Slack(size), RedZone);
            }
            if (_poisons && keep < pages)
            {
                _memory.Fill(AddressOf(zone, page + keep), (pages - keep) << _pageShift, Poison);
                for (int p = page + keep; p < page + pages; p++)
                {
                    state.Poison(p, owner);
                }
            }
        }

        /// <summary>Puts a block into quarantine. Under the lock.</summary>
        /// <returns>The block that must be freed now: the oldest one if the quarantine was full, the block itself if there is no
        /// quarantine, else 0.</returns>
        internal uint Hold(uint address)
        {
            if (_held.Capacity == 0)
            {
                return address;
            }
            uint oldest = _held.IsFull ? _held.Pop() : 0;
            _held.Push(address);
            return oldest;
        }

        /// <summary>Takes the oldest block out of quarantine; 0 if there is none. Under the lock.</summary>
        internal uint TakeOldest() => _held.Pop();

        /// <summary>Records the first wrong byte of a span, if there is one.</summary>
        /// <param name="address">First address of the page or block.</param>
        /// <param name="size">Bytes of the page or block.</param>
        /// <param name="owner">Its owner, or its last owner.</param>
        /// <param name="offset">Where the span begins, from the address.</param>
        /// <param name="value">What each byte should be.</param>
        private void Look(FindingKind kind, uint address, int size, PageOwner owner, int offset, int length, byte value)
        {
            bool found = false;
            for (int done = 0; done < length && !found; done += PatternCheck.Chunk)
            {
                int part = length - done < PatternCheck.Chunk ? length - done : PatternCheck.Chunk;
                if (_lock != null)
                {
                    _lock.Acquire();
                }
                try
                {
                    int other = _check.FirstOther(address + (uint)(offset + done), part, value);
                    found = other >= 0;
                    if (found)
                    {
                        int at = done + other, count = length - at < FindingLog.MaxBytes ? length - at : FindingLog.MaxBytes;
                        ulong bytes = _check.Bytes(address + (uint)(offset + at), count);
                        Log.Record(kind, address, size, owner, null, offset + at, bytes, count, value);
                    }
                }
                finally
                {
                    if (_lock != null)
                    {
                        _lock.Release();
                    }
                }
            }
        }

        private uint AddressOf(Zone zone, int page) => zone.First + ((uint)page << _pageShift);

        /// <summary>Bytes from the end of what was asked for to the end of its page.</summary>
        private int Slack(int size) => -size & ((1 << _pageShift) - 1);
    }
}
