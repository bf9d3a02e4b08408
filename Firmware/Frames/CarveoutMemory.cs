using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using Carveout.Video;

namespace Carveout
{
    /// <summary>The memory that an application takes for its pictures at boot, before anything else allocates: where to begin.</summary>
    /// <remarks>
    /// <para>On stock firmware the memory is byte arrays out of the managed heap ("banks"), since a managed program can have nothing else. The
    /// board's map says how many bytes: all that it plans for zones and pool in the region of the managed heap. The map's reservation
    /// "clr-heap" stays with runtime and application. A bank has 191 pages of 4 KB. The last one has what remains, and is left out if that is
    /// less than a sixteenth of the others:</para>
    /// <code>
    ///   board              taken at boot, bytes               left to runtime and application, by the map
    ///   esp32cam           3,129,344: 4 banks                   786,432 of the 4 MB less 256 KB that stock firmware makes its heap
    ///   esp32s3            6,029,312: 7 banks and 552,960     2,097,152
    ///   stm32f429-disco    3,911,680: 5 banks                 2,097,152
    ///   stm32f746            163,840: 1 bank                     81,920
    ///   stm32f769-disco    9,388,032: 12 banks                4,194,304
    ///   stm32h743            393,216: 1 bank                    131,072
    /// </code>
    /// <para>If the heap has less, as much is taken as it has in arrays that are worth it. The application still gets its bytes: as many as the
    /// caller says; or else half of what the map leaves, because runtime and libraries have taken the rest by then; or, without such a map, a
    /// sixteenth of the size. If the heap cannot hold both, each gets its share. <see cref="Reservation"/> says what came of it. A late call
    /// works, too: what the collector can free counts as free, and objects that lie scattered make the banks smaller.</para>
    /// <para>With firmware that has a native reservation, that is used instead: give it to
    /// <see cref="Reserve(MemoryMap, ReservedMemory, int)"/>.</para>
    /// <para>Threads may share all of it. One step below, <see cref="Pages"/> and <see cref="Memory"/> give access to everything that the
    /// libraries can do. A slab allocator or a pool that is made over <see cref="Pages"/> by a constructor without a lock uses this memory's lock,
    /// so threads may share it as well.</para>
    /// </remarks>
    public sealed class CarveoutMemory
    {
        /// <summary>Held while frames change hands.</summary>
        internal readonly object Gate = new object();

        private readonly FrameReservation _reserved;
        private FramePool[] _pools = new FramePool[0];

        internal CarveoutMemory(MemoryMap map, PhysicalMemory memory, MemoryReservation reservation, FrameReservation? reserved = null)
        {
            Pages = PageAllocator.Boot(map, memory, new MonitorLock());
            Map = map;
            Memory = memory;
            Reservation = reservation;
            _reserved = reserved ?? new FrameReservation(map);
        }

        /// <summary>For the bytes that stay with the application: what the board's map says, or else a sixteenth of the size.</summary>
        public const int DefaultLeave = -1;

        /// <summary>Takes what the board's map plans, from the managed heap.</summary>
        /// <param name="board">The board as it is; it is read and not changed.</param>
        /// <returns>The memory, with nothing of it taken.</returns>
        /// <exception cref="ArgumentException">The map has a fault, or plans less than 64 KB in the region of the managed heap.</exception>
        /// <exception cref="OutOfMemoryException">The heap has no page beside what the application is left: reserve earlier.</exception>
        public static CarveoutMemory Reserve(MemoryMap board)
        {
            Judge(board);
            return ReserveBanks(board, BankReservation.SizeFor(board), DefaultLeave);
        }

        /// <summary>Takes memory from the managed heap of a board that has no map here.</summary>
        /// <param name="size">Bytes, from a page of 4,096 up; whole pages are taken, and fewer where the heap has no more.</param>
        /// <param name="leave">Bytes that stay with the application, beside what this library itself needs; they come before the size.
        /// <see cref="DefaultLeave"/>: a sixteenth of the size, and of a heap that has not both, a seventeenth of what it has.</param>
        /// <returns>The memory, with nothing of it taken.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The size is less than a page, or more than 256 banks, or <paramref name="leave"/> is
        /// negative.</exception>
        /// <exception cref="OutOfMemoryException">The heap has no page beside what the application is left: reserve earlier, or leave
        /// less.</exception>
        public static CarveoutMemory Reserve(int size, int leave = DefaultLeave) =>
            ReserveBanks(new MemoryMap("heap", MemoryMap.DefaultPageSize), size, leave);

        /// <summary>Takes memory of a size of one's own from the managed heap.</summary>
        /// <inheritdoc cref="Reserve(int, int)"/>
        /// <param name="board">The board as it is; it is read and not changed.</param>
        /// <param name="size">Bytes, from a page up; whole pages are taken, and fewer where the heap has no more. The board's pool, where its
        /// map reserves one, is part of it if it leaves a page.</param>
        /// <param name="leave">Bytes that stay with the application, beside what this library itself needs; they come before the size.
        /// <see cref="DefaultLeave"/>: what the map says.</param>
        /// <exception cref="ArgumentException">The map has a fault.</exception>
        public static CarveoutMemory Reserve(MemoryMap board, int size, int leave = DefaultLeave)
        {
            Judge(board);
            return ReserveBanks(board, size, leave);
        }

        /// <summary>Uses the native reservation of the firmware, where there is one, else what <see cref="Reserve(MemoryMap)"/> takes.</summary>
        /// <param name="board">The board as it is; it is read and not changed. The DMA engines that reach the native memory are those of the
        /// region that holds it; where none does, no engine is known to.</param>
        /// <param name="native">Memory that knows where it lies, or null.</param>
        /// <param name="leave">Without native memory: bytes that stay with the application. <see cref="DefaultLeave"/>: what the map says.</param>
        /// <returns>The memory, with nothing of it taken.</returns>
        /// <exception cref="ArgumentException">The map has a fault, or the native memory is smaller than a page. Without
        /// native memory as <see cref="Reserve(MemoryMap)"/>.</exception>
        /// <exception cref="OutOfMemoryException">As <see cref="Reserve(MemoryMap)"/>.</exception>
        public static CarveoutMemory Reserve(MemoryMap board, ReservedMemory? native, int leave = DefaultLeave)
        {
            if (native == null)
            {
                Judge(board);
                return ReserveBanks(board, BankReservation.SizeFor(board), leave);
            }
            return ReserveNative(board, native, native.Start, native.Size, native.CacheLine);
        }

        /// <summary>Uses a part of memory that the runtime does not own and that cannot tell where it lies.</summary>
        /// <param name="board">The board as it is; it is read and not changed. Cache line and DMA engines are those of the region that holds the
        /// part; where none does, there is no cache, and no engine is known to reach it.</param>
        /// <param name="start">First address that is ours, not 0; up to the next page it is left alone.</param>
        /// <param name="size">Bytes; behind the last whole page they are left alone.</param>
        /// <returns>The memory, with nothing of it taken.</returns>
        /// <exception cref="ArgumentException">The map has a fault, or the bytes have not a page, or end beyond 32 bits.</exception>
        public static CarveoutMemory Reserve(MemoryMap board, PhysicalMemory native, uint start, uint size)
        {
            Misuse.Given(native, nameof(native));
            return ReserveNative(board, native, start, size, -1);
        }

        /// <summary>What was really reserved: regions, the pool's reservation, zones. Sealed.</summary>
        public MemoryMap Map { get; }

        /// <summary>The bytes.</summary>
        public PhysicalMemory Memory { get; }

        /// <summary>The page allocator over the zones.</summary>
        public PageAllocator Pages { get; }

        /// <summary>What was wanted, what was taken and what is left to the application, and why there is not more. Prints as a sentence.</summary>
        public MemoryReservation Reservation { get; }

        /// <summary><see cref="Reservation"/> for the console: "managed banks: 4 of 782336 bytes (3 MB), nominal addresses from 0x10000000; at
        /// least 576 KB left to the application", or "native reservation: 3145728 bytes (3 MB) at 0x3f900000, in PSRAM".</summary>
        public string Source { get { return Reservation.ToString(); } }

        /// <summary>Frames and pools of pages whose owner got no number, as all 255 were taken: their pages are charged to "unknown".</summary>
        public long UnnamedFrames { get; private set; }

        /// <summary>What was reserved, for the console: <see cref="Source"/> and /proc/iomem. Lines end with \n.</summary>
        public string IoMem()
        {
            string text = Source + "\n";
            for (int i = 0; i < Map.RegionCount; i++)
            {
                MemoryRegion bank = Map.RegionAt(i);
                text += Line("", bank.Start, bank.Size, bank.Name);
                // A pool lies behind the zone of its bank.
                for (int j = 0; j < Map.ZoneCount; j++)
                {
                    ZonePlan zone = Map.ZoneAt(j);
                    text += bank.Contains(zone.Start, zone.Size) ? Line("  ", zone.Start, zone.Size, "zone " + zone.Name) : "";
                }
                for (int j = 0; j < Map.ReservationCount; j++)
                {
                    Reservation pool = Map.ReservationAt(j);
                    text += bank.Contains(pool.Start, pool.Size) ? Line("  ", pool.Start, pool.Size, pool.Name) : "";
                }
            }
            return text;
        }

        /// <summary>Takes memory for one picture, for as long as it is needed.</summary>
        /// <param name="owner">Who takes it, for reports. Beyond 255 names of owners in all it is charged to "unknown"; see
        /// <see cref="UnnamedFrames"/>.</param>
        /// <returns>The frame; its Dispose gives the memory back. What is in it is undefined.</returns>
        /// <exception cref="OutOfMemoryException">There is no room: the message says why, and who has the memory.</exception>
        public FrameBuffer AllocFrame(VideoFormat format, string owner)
        {
            if (!TryAllocFrame(format, owner, out FrameBuffer? frame))
            {
                throw NoRoom("frame");
            }
            return frame!;
        }

        /// <summary>As <see cref="AllocFrame"/>, but false where there is no room.</summary>
        /// <param name="frame">The frame; null where there is none.</param>
        /// <returns>Whether there was room.</returns>
        public bool TryAllocFrame(VideoFormat format, string owner, out FrameBuffer? frame)
        {
            PageOwner number = Register(format, owner);
            // The object comes first: if the managed heap ran out of memory after the pages were taken, nobody could free them.
            var taken = new FrameBuffer(this, null, format);
            uint address = TakePages(format, number);
            frame = null;
            if (address == 0)
            {
                return false;
            }
            taken.Hold(address, owner);
            frame = taken;
            return true;
        }

        /// <summary>Takes memory for frames once and for all, at boot: out of what the board's map reserves for pools, where there is enough, else
        /// pages of the zones.</summary>
        /// <remarks>What the map reserves ("frame-pool") is used from its beginning; it becomes free again when all pools in it are given
        /// back.</remarks>
        /// <param name="count">Frames, 1 to 256.</param>
        /// <param name="name">The pool's name in messages and, where it has pages, their owner.</param>
        /// <exception cref="OutOfMemoryException">There is no room for all of them, and none was taken: the message says why, and who has the
        /// memory.</exception>
        public FramePool CreatePool(VideoFormat format, int count, string name)
        {
            Misuse.Given(format, nameof(format));
            Misuse.Given(name, nameof(name));
            if (count < 1 || count > FramePool.MaxFrames)
            {
                throw new ArgumentOutOfRangeException(nameof(count), count.ToString() + " frames in pool '" + name + "': expected 1 to 256");
            }
            var frames = new uint[count];
            bool reserved = false, made = false;
            try
            {
                lock (Gate)
                {
                    reserved = _reserved.Take(frames, format.SizeImage);
                }
                if (!reserved)
                {
                    // Without the gate: a shrinker may wait for somebody who gives a frame back.
                    TakePages(format, frames, name);
                }
                var pool = new FramePool(this, name, format, frames, reserved);
                lock (Gate)
                {
                    var grown = new FramePool[_pools.Length + 1];
                    Array.Copy(_pools, 0, grown, 0, _pools.Length);
                    grown[_pools.Length] = pool;
                    _pools = grown;
                }
                made = true;
                return pool;
            }
            finally
            {
                // The managed heap may run out of memory, and a shrinker or a copy may throw. Nobody else knows of these frames.
                if (!made)
                {
                    lock (Gate)
                    {
                        GiveBack(frames, reserved);
                    }
                }
            }
        }

        /// <summary>Free blocks by size, a line a zone, as Linux's /proc/buddyinfo: of 1 page, of 2, of 4 and so on. Lines end with \n. Blocks that
        /// lie aside for speed count as they are: <see cref="PageAllocator.DrainAllPages"/> merges them.</summary>
        public string BuddyInfo() => BuddyText.BuddyInfo(Pages);

        /// <summary>Who has the memory: "owners: camera 600 KB, sample 150 KB", those with the most pages first, at most five, then a line for
        /// each pool. Lines end with \n.</summary>
        public string Owners()
        {
            lock (Gate)
            {
                string text = "owners: " + BuddyText.TopOwners(Pages) + "\n";
                for (int i = 0; i < _pools.Length; i++)
                {
                    text += _pools[i].ToString() + "\n";
                }
                return text;
            }
        }

        /// <summary>A pool ends. Under the gate.</summary>
        internal void GiveBack(FramePool pool, uint[] frames)
        {
            // What may throw comes first: a pool that is only partly given back can neither be used nor given back.
            var left = new FramePool[_pools.Length - 1];
            for (int i = 0; i < frames.Length; i++)
            {
                CheckUnmapped(frames[i], pool.Format.SizeImage, pool.Name);
            }
            GiveBack(frames, pool.IsReserved);
            int index = 0;
            for (int i = 0; i < _pools.Length; i++)
            {
                if (_pools[i] != pool)
                {
                    left[index++] = _pools[i];
                }
            }
            _pools = left;
        }

        /// <summary>Refuses to give back what a device has.</summary>
        /// <exception cref="InvalidOperationException">It has some of these bytes, by a mapping.</exception>
        internal void CheckUnmapped(uint address, int size, string? owner)
        {
            if (Pages.IsHeldNow(address, size))
            {
                throw Pages.Hold.Refusal("free", "the frame at " + HexText.Of(address) + " of '" + owner + "'", address, size);
            }
        }

        private static string Line(string indent, uint start, uint size, string name) =>
            indent + HexText.Of(start).Substring(2) + "-" + HexText.Of(start + (size - 1)).Substring(2) + " : " + name + "\n";

        internal static void Judge(MemoryMap board)
        {
            Misuse.Given(board, nameof(board));
            MapFault[] faults = board.Validate();
            if (faults.Length != 0)
            {
                throw new ArgumentException("memory map " + board.Name + ": " + faults[0].Text, nameof(board));
            }
        }

        /// <param name="cacheLine">Bytes of a cache line, where the memory knows; -1 where the board has to say.</param>
        private static CarveoutMemory ReserveNative(MemoryMap board, PhysicalMemory native, uint start, uint size, int cacheLine)
        {
            Judge(board);
            MemoryRegion? home = board.FindRegion(start);
            var map = new ReservedMap(board, "native reservation", BankReservation.PagesOf(board, home));
            map.AddNative(start, size, cacheLine, BankReservation.PoolSize(board, home));
            MemoryRegion region = map.Map.RegionAt(0);
            string text = "native reservation: " + region.Size.ToString() + " bytes (" + SizeText.Of(region.Size) + ") at "
                + HexText.Of(region.Start) + (home != null && home.Name == region.Name ? ", in " + home.Name : ", in no region of " + board.Name);
            return new CarveoutMemory(map.Map, native, new MemoryReservation(size, region.Size, -1, "", text));
        }

        private static CarveoutMemory ReserveBanks(MemoryMap board, int size, int leave)
        {
            if (size < board.PageSize || size > BankReservation.MaxBytes)
            {
                throw new ArgumentOutOfRangeException(nameof(size), size.ToString() + " bytes for board " + board.Name + ": expected at least a"
                    + " page of " + board.PageSize.ToString() + ", and at most " + BankReservation.MaxBytes.ToString());
            }
            bool isFirst = leave != DefaultLeave;
            if (isFirst)
            {
                Misuse.CheckRange(nameof(leave), leave, " bytes left to the application", 0, BankReservation.MaxBytes);
            }
            var search = new BankSearch(board.PageSize);
            MemoryBank[] banks = search.Take(size, isFirst ? leave : BankReservation.LeaveFor(board, size), isFirst);
            if (banks.Length == 0)
            {
                throw new OutOfMemoryException("no bank, of " + SizeText.Of(size) + " that were wanted: the managed heap has "
                    + SizeText.Of(search.Left) + ", which the application is left. Expected to be called earlier, or to leave less");
            }
            var memory = new ManagedMemory(BankReservation.Start, banks);
            MemoryRegion? home = BankReservation.HomeOf(board);
            var map = new ReservedMap(board, "managed banks", BankReservation.PagesOf(board, home));
            map.AddBanks(memory, home, BankReservation.PoolSize(board, home));
            int wanted = size / board.PageSize * board.PageSize;
            string text = "managed banks: " + BankReservation.Text(memory) + " (" + SizeText.Of(search.Taken)
                + (search.WhyNotMore.Length == 0 ? "" : " of " + SizeText.Of(wanted) + " that were wanted: " + search.WhyNotMore)
                + "), nominal addresses from " + HexText.Of(BankReservation.Start) + "; at least " + SizeText.Of(search.Left)
                + " left to the application";
            return new CarveoutMemory(map.Map, memory, new MemoryReservation((uint)wanted, (uint)search.Taken, search.Left, search.WhyNotMore, text));
        }

        private PageOwner Register(VideoFormat format, string owner)
        {
            Misuse.Given(format, nameof(format));
            Misuse.Given(owner, nameof(owner));
            // RegisterOwner is meant for boot and does not lock; here it may be called at any time, by any thread.
            lock (Gate)
            {
                if (Pages.OwnerCount == PageAllocator.MaxOwners && Pages.FindOwner(owner) < 0)
                {
                    // Who has it stands in the frame; the account alone lacks a name, and that is no reason to refuse memory.
                    UnnamedFrames++;
                    return PageOwner.Unknown;
                }
                return Pages.RegisterOwner(owner);
            }
        }

        /// <summary>A run of pages for every frame, or an exception; those that were taken before are in the array then.</summary>
        private void TakePages(VideoFormat format, uint[] frames, string name)
        {
            PageOwner owner = Register(format, name);
            for (int i = 0; i < frames.Length; i++)
            {
                frames[i] = TakePages(format, owner);
                if (frames[i] == 0)
                {
                    throw NoRoom("pool '" + name + "' of " + frames.Length.ToString() + " frames of " + format.Short()
                        + " (" + SizeText.Of((long)frames.Length * format.SizeImage) + "; reserved for pools and free: "
                        + SizeText.Of(_reserved.Free) + "), at its frame " + (i + 1).ToString());
                }
            }
        }

        /// <returns>The address of a frame's pages; 0: there is no room, and the report on the last failure says why.</returns>
        private uint TakePages(VideoFormat format, PageOwner owner)
        {
            Pages.ExpectFrames(format.SizeImage);
            // To the page allocator, more than its largest zone has would be misuse.
            return Pages.Refuses(format.SizeImage, GfpFlags.Kernel, owner) ? 0 : Pages.AllocPagesExact(format.SizeImage, GfpFlags.Kernel, owner);
        }

        /// <summary>Frames that a pool has, or was to have; of pages those that were taken, which come first.</summary>
        private void GiveBack(uint[] frames, bool reserved)
        {
            if (reserved)
            {
                _reserved.GiveBack();
                return;
            }
            for (int i = 0; i < frames.Length && frames[i] != 0; i++)
            {
                Pages.FreePages(frames[i]);
            }
        }

        private OutOfMemoryException NoRoom(string what) => new OutOfMemoryException("no room for " + what + "\n" + FailureReport.ToText(Pages));
    }
}
