using Carveout.Emulator.Tests.Properties;
using Carveout.Emulator.Tests.Slab;

namespace Carveout.Emulator.Tests.Movable;

/// <summary>Movable memory, with a record of what its client expects: the content of every page, blocks that must not move, stale
/// handles.</summary>
internal sealed class CheckedMovable
{
    private const uint Start = 0xC0000000;
    private const int PageSize = 4096;

    private readonly PropertyRun _run;
    private readonly Zone _zone;
    private readonly List<Block> _blocks = [];
    private readonly List<int> _stale = [];
    private readonly int[] _holders;
    private readonly int _whole;
    private long _lastMark;

    public CheckedMovable(PropertyRun run, PageMapKind map, int pages, int handles, int budget)
    {
        _run = run;
        _zone = new Zone("DMA", ZoneKind.Dma, Start, PageMap.Create(map, pages));
        Lock = new InterruptingLock();
        Memory = new MarkedMemory(Start, pages, PageSize, Lock);
        Allocator = new PageAllocator([_zone], PageSize, Memory, Lock);
        Movable = new MovablePages(Allocator, handles, budget);
        _holders = new int[pages];
        _whole = map == PageMapKind.Runs ? pages : 1 << _zone.MaxOrder;
    }

    public PageAllocator Allocator { get; }

    public MovablePages Movable { get; }

    public MarkedMemory Memory { get; }

    public InterruptingLock Lock { get; }

    /// <summary>Runs at every use of the lock and between pages, in the middle of allocations and compactions; may be null.</summary>
    public Action? Interrupt { get; set; }

    public int Count => _blocks.Count;

    public int LivePages { get; private set; }

    /// <summary>The block that lies at two places at once, as far as its client can tell from what was copied, or -1.</summary>
    public int Sliding(bool failed)
    {
        long mark = Memory.LastUnderLock;
        int index = mark == 0 ? -1 : _blocks.FindIndex(b => b.Mark == (mark & -0x10000));
        return index >= 0 && (failed || (mark & 0xFFFF) < _blocks[index].Pages - 1) ? index : -1;
    }

    /// <summary>Allocates a block; a failure changes nothing.</summary>
    public bool Alloc(int pages, bool movable, bool order, GfpFlags gfp)
    {
        gfp |= GfpFlags.Dma;
        order &= (pages & (pages - 1)) == 0;
        int log = PageMap.OrderOf(pages), handle = 0;
        uint address = 0;
        if (movable)
        {
            handle = Interrupted(() => order ? Movable.AllocPages(gfp, log, 0) : Movable.AllocPagesExact(pages * PageSize, gfp, 0));
            if (handle == 0)
            {
                return false;
            }
            _run.Expect(handle > 0 && _blocks.TrueForAll(b => b.Handle != handle), "a live handle was given out again", handle);
            _stale.Remove(handle);
            address = Movable.Pin(handle);
            Movable.Unpin(handle);
        }
        else
        {
            address = Interrupted(() => order ? Allocator.AllocPages(gfp, log, 0)
                : Allocator.AllocPagesExact(pages * PageSize, gfp, 0));
            if (address == 0)
            {
                return false;
            }
        }
        var block = new Block(handle, pages, order && movable ? pages : 1, ++_lastMark << 16) { Place = address };
        for (int page = 0; page < pages; page++)
        {
            Memory[address + (uint)(page * PageSize)] = block.Mark + page;
        }
        _blocks.Add(block);
        LivePages += pages;
        return true;
    }

    /// <summary>Makes a step of an idle loop.</summary>
    /// <returns>How many pages were copied.</returns>
    public int Compact(int budget) => Interrupted(() => Movable.Compact(budget));

    /// <summary>Frees a block. If it is pinned, this must be refused.</summary>
    public void Free(int index)
    {
        Block block = _blocks[index];
        if (block.Handle == 0)
        {
            Allocator.FreePages(block.Place);
        }
        else if (block.Pins != 0)
        {
            Refused(() => Movable.Free(block.Handle), "free while pinned");
            return;
        }
        else
        {
            Movable.Free(block.Handle);
            _stale.Add(block.Handle);
            if (_stale.Count > 64)
            {
                _stale.RemoveAt(0);
            }
        }
        LivePages -= block.Pages;
        _blocks[index] = _blocks[^1];
        _blocks.RemoveAt(_blocks.Count - 1);
    }

    public void Pin(int index)
    {
        Block block = _blocks[index];
        if (block.Handle != 0)
        {
            uint address = Movable.Pin(block.Handle);
            _run.Expect(block.Pins == 0 || block.Place == address, "a pinned block moved", address);
            block.Place = address;
            block.Pins++;
            CheckPages(block, address);
        }
    }

    public void Unpin(int index)
    {
        Block block = _blocks[index];
        if (block.Pins != 0)
        {
            block.Pins--;
            Movable.Unpin(block.Handle);
        }
        else if (block.Handle != 0)
        {
            Refused(() => Movable.Unpin(block.Handle), "unpin without pin");
        }
    }

    /// <summary>Tries calls that must be refused and change nothing.</summary>
    public void Misuse(int index)
    {
        if (_stale.Count != 0)
        {
            int handle = _stale[index % _stale.Count];
            Refused(() => Movable.Pin(handle), "stale handle");
            Refused(() => Movable.Unpin(handle), "stale handle");
            Refused(() => Movable.Free(handle), "stale handle");
        }
        Block block = _blocks[index];
        if (block.Handle != 0)
        {
            uint address = Movable.Pin(block.Handle);
            Movable.Unpin(block.Handle);
            Refused(() => Allocator.FreePages(address), "free of movable memory by its address");
        }
    }

    /// <summary>Pins a block, which an interrupt frees as soon as a page was copied for the pin.</summary>
    public void RefusesPinOnceFreed(int index)
    {
        int handle = _blocks[index].Handle, copied = Memory.Copied;
        Lock.Interrupt = () =>
        {
            if (Memory.Copied > copied)
            {
                Lock.Interrupt = null;
                Free(index);
            }
        };
        bool stale = false;
        try
        {
            Movable.Pin(handle);
        }
        catch (InvalidOperationException e)
        {
            stale = e.Message.StartsWith("stale handle", StringComparison.Ordinal);
        }
        _run.Expect(stale, "a block was pinned that was freed");
    }

    /// <summary>Tries to free every page by its address; every block has a handle.</summary>
    public void FreeByAddressWrongly()
    {
        for (int page = 0; page < _holders.Length; page++)
        {
            uint address = Start + (uint)(page * PageSize);
            Refused(() => Allocator.FreePages(address), "");
        }
    }

    /// <summary>Checks that every block is where its client expects it, is whole and overlaps no other, and that pinned and unmovable
    /// blocks have not moved.</summary>
    public void Check()
    {
        int taken = CheckContents();
        _run.ExpectEqual(_holders.Length - taken, _zone.FreePages, "free pages");
        _run.ExpectEqual(_blocks.Count(b => b.Handle != 0), Movable.LiveCount, "handles");
        _run.ExpectEqual(_blocks.Count(b => b.Pins != 0), Movable.PinnedCount, "pinned blocks");
        _run.Expect(!Lock.IsHeld, "the lock is left held");
    }

    /// <summary>The same without the number of free pages, some of which an unfinished compaction has taken.</summary>
    /// <returns>The pages of all blocks.</returns>
    public int CheckContents()
    {
        Array.Clear(_holders);
        int taken = 0;
        foreach (Block block in _blocks)
        {
            taken += block.Pages;
            uint address = block.Place;
            if (block.Handle != 0)
            {
                _run.ExpectEqual(block.Pins, Movable.PinsOf(block.Handle), "pins of handle", block.Handle);
                _run.ExpectEqual(block.Pages * PageSize, Movable.SizeOf(block.Handle), "size of handle", block.Handle);
                address = Movable.Pin(block.Handle);
                Movable.Unpin(block.Handle);
                _run.Expect(block.Pins == 0 || address == block.Place, "a pinned block moved", block.Place);
            }
            int first = (int)((address - Start) / PageSize);
            _run.ExpectEqual(0, first % block.Alignment, "alignment of page", first);
            for (int page = 0; page < block.Pages; page++)
            {
                _run.ExpectEqual(0, _holders[first + page]++, "blocks at page", first + page);
            }
            CheckPages(block, address);
        }
        return taken;
    }

    /// <summary>Checks the page map in any state of a compaction: every page that is not free is taken, and enough are taken for the live
    /// blocks.</summary>
    public void CheckMap()
    {
        int taken = 0;
        for (int page = 0; page < _holders.Length; page++)
        {
            taken += Allocator.BlockAt(Start + (uint)(page * PageSize)) != 0 ? 1 : 0;
        }
        _run.ExpectEqual(_holders.Length - _zone.FreePages, taken, "taken pages of the map");
        _run.Expect(taken >= LivePages, "less is taken than lives");
        _run.ExpectEqual(_blocks.Count(b => b.Handle != 0), Movable.LiveCount, "handles");
        _run.ExpectEqual(_blocks.Count(b => b.Pins != 0), Movable.PinnedCount, "pinned blocks");
        _run.Expect(!Lock.IsHeld, "the lock is left held");
    }

    /// <summary>Frees everything; the zone is then one free piece without a handle.</summary>
    public void FreeAll()
    {
        for (int index = _blocks.Count - 1; index >= 0; index--)
        {
            while (_blocks[index].Pins != 0)
            {
                Unpin(index);
            }
            Free(index);
        }
        Check();
        Allocator.DrainAllPages();
        _run.ExpectEqual(_whole, _zone.LargestFreePages, "pages in a row");
    }

    private void CheckPages(Block block, uint address)
    {
        for (int page = 0; page < block.Pages; page++)
        {
            uint at = address + (uint)(page * PageSize);
            _run.ExpectEqual(block.Mark + page, Memory[at], "contents of page", (int)((at - Start) / PageSize));
        }
    }

    private T Interrupted<T>(Func<T> call)
    {
        Action? before = Lock.Interrupt;
        Lock.Interrupt = Interrupt;
        try
        {
            return call();
        }
        finally
        {
            Lock.Interrupt = before;
        }
    }

    private void Refused(Action call, string words)
    {
        int free = _zone.FreePages;
        try
        {
            call();
        }
        catch (InvalidOperationException e)
        {
            _run.Expect(e.Message.StartsWith(words, StringComparison.Ordinal), $"'{words}' expected, not '{e.Message}'");
            _run.ExpectEqual(free, _zone.FreePages, "free pages after a refusal");
            return;
        }
        _run.Expect(false, $"'{words}' was not refused");
    }

    private sealed class Block(int handle, int pages, int alignment, long mark)
    {
        public int Handle { get; } = handle;

        public int Pages { get; } = pages;

        public int Alignment { get; } = alignment;

        public long Mark { get; } = mark;

        public uint Place { get; set; }

        public int Pins { get; set; }
    }
}
