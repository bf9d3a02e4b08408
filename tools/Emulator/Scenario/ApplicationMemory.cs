using System.Buffers.Binary;

namespace Carveout.Emulator.Scenario;

/// <summary>Allocates the application's memory, and uses it.</summary>
/// <remarks>Each page holds a mark, which is checked when the application works on the block and when it frees it. So memory that was
/// allocated twice, or lost in a move, is noticed.</remarks>
internal sealed class ApplicationMemory
{
    private readonly PageAllocator _allocator;
    private readonly PhysicalMemory _memory;
    private readonly MovablePages? _movable;
    private readonly bool _exact;
    private readonly byte[] _mark = new byte[4];
    private uint _marks;

    /// <summary>Makes the application's memory, and the allocator's movable memory if some of it may move.</summary>
    /// <param name="allocator">The allocator.</param>
    /// <param name="memory">The memory behind it.</param>
    /// <param name="options">They say whether to ask for runs of pages or for blocks, and what may move.</param>
    public ApplicationMemory(PageAllocator allocator, PhysicalMemory memory, PlayOptions options)
    {
        _allocator = allocator;
        _memory = memory;
        _exact = options.Tail == DmaTail.Exact;
        MovablePercent = options.Movable;
        if (options.Movable != 0)
        {
            int pages = Enumerable.Range(0, allocator.ZoneCount).Sum(index => allocator.ZoneAt(index).Pages);
            _movable = new MovablePages(allocator, Math.Min(pages, MovablePages.MaxHandles), options.Compact);
        }
    }

    /// <summary>How many requests in a hundred are for movable memory.</summary>
    public int MovablePercent { get; }

    /// <summary>Bytes of a page.</summary>
    public int PageSize => _allocator.PageSize;

    /// <summary>Registers an owner for a part of the application.</summary>
    public PageOwner Owner(string name) => _allocator.RegisterOwner(name);

    /// <summary>How many pages an owner has.</summary>
    public int PagesOf(PageOwner owner) => _allocator.OwnerPages(owner);

    /// <summary>Allocates a block and writes its marks; null if there is no memory.</summary>
    public ApplicationBlock? Alloc(int pages, PageOwner owner, bool movable)
    {
        int size = pages * PageSize, handle = 0;
        uint address = 0;
        if (movable)
        {
            handle = _exact
                ? _movable!.AllocPagesExact(size, GfpFlags.NoWarn, owner)
                : _movable!.AllocPages(GfpFlags.NoWarn, PageMap.OrderOf(pages), owner);
        }
        else
        {
            address = _exact
                ? _allocator.AllocPagesExact(size, GfpFlags.NoWarn, owner)
                : _allocator.AllocBlock(size, GfpFlags.NoWarn, owner);
        }
        if (address == 0 && handle == 0)
        {
            return null;
        }
        var block = new ApplicationBlock(address, handle, pages, _marks);
        _marks += (uint)pages;
        uint first = Enter(block);
        for (int i = 0; i < pages; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_mark, block.Mark + (uint)i);
            _memory.Write(first + (uint)(i * PageSize), _mark, 0, _mark.Length);
        }
        Leave(block);
        return block;
    }

    /// <summary>Repeats a refused request, so that the allocator records the reason. If it succeeds, the memory is freed again.</summary>
    /// <returns>Whether it succeeded.</returns>
    public bool TryAgain(int pages, PageOwner owner)
    {
        int size = pages * PageSize;
        uint address = _exact ? _allocator.AllocPagesExact(size, GfpFlags.Kernel, owner) : _allocator.AllocBlock(size, GfpFlags.Kernel, owner);
        if (address != 0)
        {
            _allocator.FreePages(address);
        }
        return address != 0;
    }

    /// <summary>Begins to use a block, which does not move until <see cref="EndUse"/>.</summary>
    public void BeginUse(ApplicationBlock block)
    {
        block.Uses++;
        Check(block, Enter(block));
    }

    /// <summary>Ends a use of a block; does nothing if the block was freed meanwhile.</summary>
    public void EndUse(ApplicationBlock block)
    {
        if (!block.IsFreed)
        {
            block.Uses--;
            Leave(block);
        }
    }

    /// <summary>Ends all uses of a block and frees it.</summary>
    public void Free(ApplicationBlock block)
    {
        Check(block, Enter(block));
        Leave(block);
        for (; block.Uses > 0; block.Uses--)
        {
            Leave(block);
        }
        block.IsFreed = true;
        if (block.Handle == 0)
        {
            _allocator.FreePages(block.Address);
        }
        else
        {
            _movable!.Free(block.Handle);
        }
    }

    private uint Enter(ApplicationBlock block) => block.Handle == 0 ? block.Address : _movable!.Pin(block.Handle);

    private void Leave(ApplicationBlock block)
    {
        if (block.Handle != 0)
        {
            _movable!.Unpin(block.Handle);
        }
    }

    private void Check(ApplicationBlock block, uint address)
    {
        for (int i = 0; i < block.Pages; i++)
        {
            uint page = address + (uint)(i * PageSize), expected = block.Mark + (uint)i;
            _memory.Read(page, _mark, 0, _mark.Length);
            uint seen = BinaryPrimitives.ReadUInt32LittleEndian(_mark);
            if (seen != expected)
            {
                throw new CorruptionException(
                    $"the application's page at {HexText.Of(page)} holds {HexText.Of(seen)} instead of its mark {HexText.Of(expected)}");
            }
        }
    }
}
