using Carveout.Diagnostics;

namespace Carveout.Emulator.Tests.Properties;

/// <summary>A hardened allocator with owner tracking, and what its clients know: who has which block, and which bytes they may
/// write.</summary>
internal sealed class HardenedModel
{
    public const int PageSize = 256;

    private const uint Start = 0x10000000;
    private const int Owners = 4;

    private readonly PropertyRun _run;
    private readonly FlatLock _lock = new();
    private readonly Dictionary<uint, Block> _live = [];
    private readonly List<uint> _addresses = [];
    private readonly byte[] _lastOwners;
    private readonly string _first;

    /// <summary>Three zones, one with each map, side by side in one bank.</summary>
    public HardenedModel(PropertyRun run, int quarantine)
    {
        _run = run;
        Zone[] zones =
        [
            new("NORMAL", ZoneKind.Normal, Start, PageMap.Create(PageMapKind.FreeBlocks, 500, 4)),
            new("NORMAL2", ZoneKind.Normal, Start + (500 * PageSize), PageMap.Create(PageMapKind.GroupedFreeBlocks, 256, 4)),
            new("DMA", ZoneKind.Dma, Start + (756 * PageSize), PageMap.Create(PageMapKind.Runs, 300)),
        ];
        Pages = zones.Sum(zone => zone.Pages);
        _lastOwners = new byte[Pages];
        Memory = new ManagedMemory(Start, Pages * PageSize);
        Allocator = new PageAllocator(zones, PageSize, Memory, _lock);
        for (int owner = 1; owner < Owners; owner++)
        {
            Allocator.RegisterOwner($"owner {owner}");
        }
        Log = new FindingLog(16);
        _first = ProcText.BuddyInfo(Allocator);
        Allocator.Harden(new PageHardening(Log, true, true, quarantine));
        Allocator.TrackOwners(new OwnerTable(2048));
    }

    public PageAllocator Allocator { get; }

    public ManagedMemory Memory { get; }

    public FindingLog Log { get; }

    public int Pages { get; }

    /// <summary>Blocks whose last page was only partly asked for.</summary>
    public IReadOnlyList<uint> Slacks => [.. _addresses.Where(address => Slack(address) != 0)];

    /// <summary>How many bytes lie between the end of what was asked for and the end of the page.</summary>
    public int Slack(uint address) => -_live[address].Size & (PageSize - 1);

    /// <summary>How many bytes the owner may write.</summary>
    public int SizeOf(uint address) => _live[address].Size;

    public int OwnerOf(uint address) => _live[address].Owner;

    /// <summary>The last owner of a free page.</summary>
    public int LastOwner(uint page) => _lastOwners[(page - Start) / PageSize];

    /// <summary>Allocates, trims or frees something, and checks the findings.</summary>
    public void Step(int percentAllocations)
    {
        int draw = _run.Random.Below(100);
        if (draw < percentAllocations)
        {
            Alloc();
        }
        else if (_addresses.Count != 0)
        {
            uint address = _run.Choose(_addresses);
            if (draw % 4 == 0)
            {
                Trim(address);
            }
            else
            {
                Free(address);
            }
        }
    }

    /// <summary>Allocates every page, so that each is checked.</summary>
    public void TakeAll()
    {
        while (Note(Allocator.AllocPages(GfpFlags.Kernel | GfpFlags.NoWarn, 0, (PageOwner)1), PageSize, 1, 1))
        {
        }
        _run.ExpectEqual(Pages, _live.Values.Sum(block => block.Pages), "pages taken when none is left");
    }

    public void FreeAll()
    {
        while (_addresses.Count != 0)
        {
            Free(_addresses[^1]);
        }
    }

    public void Free(uint address)
    {
        Block block = _live[address];
        CheckContents(address, block);
        _run.Begin($"FreePages({HexText.Of(address)})");
        Allocator.FreePages(address);
        Forget(address, 0, block);
        _live.Remove(address);
        _addresses.Remove(address);
    }

    /// <summary>A page that nobody has.</summary>
    public uint FreePage()
    {
        while (true)
        {
            uint page = Start + ((uint)_run.Random.Below(Pages) * PageSize);
            if (!_live.Any(entry => page - entry.Key < entry.Value.Pages * PageSize))
            {
                return page;
            }
        }
    }

    /// <summary>The table and the allocator's counts contain the live blocks, and nothing else.</summary>
    public void Check()
    {
        OwnerTable table = Allocator.GetOwnerTable()!;
        _run.ExpectEqual(_live.Count, table.Count, "allocations in the owner table");
        foreach ((uint address, Block block) in _live)
        {
            int slot = table.Find(address);
            _run.Expect(slot >= 0, "not in the owner table:", address);
            (int, int) entry = (table.SizeAt(slot), (int)table.OwnerAt(slot));
            _run.Expect(entry == (block.Pages * PageSize, block.Owner), "wrong in the owner table:", address);
        }
        for (int owner = 0; owner < Owners; owner++)
        {
            int pages = _live.Values.Where(block => block.Owner == owner).Sum(block => block.Pages);
            _run.ExpectEqual(pages, Allocator.OwnerPages((PageOwner)owner), "pages of", owner);
        }
        _run.Expect(!_lock.IsHeld, "the lock was not released");
    }

    /// <summary>Everything is free and merged, as at the beginning.</summary>
    public void CheckFirstLine()
    {
        Allocator.DrainAllPages();
        _run.Expect(ProcText.BuddyInfo(Allocator) == _first, "buddyinfo is not what it was at first");
    }

    private void Alloc()
    {
        GfpFlags gfp = _run.Choose([GfpFlags.Kernel, GfpFlags.Dma, GfpFlags.Movable, GfpFlags.Zero, GfpFlags.Atomic]) | GfpFlags.NoWarn;
        int owner = _run.Random.Below(Owners), size = 1 + _run.Random.Below(PageSize * _run.Choose([1, 4, 40])), order = _run.Random.Below(5);
        int pages = (size + PageSize - 1) / PageSize;
        switch (_run.Random.Below(3))
        {
            case 0:
                _run.Begin($"AllocPages({gfp}, {order}, {owner})");
                Note(Allocator.AllocPages(gfp, order, (PageOwner)owner), PageSize << order, 1 << order, owner);
                break;
            case 1:
                _run.Begin($"AllocBlock({size}, {gfp}, {owner})");
                Note(Allocator.AllocBlock(size, gfp, (PageOwner)owner), size, 1 << PageMap.OrderOf(pages), owner);
                break;
            default:
                _run.Begin($"AllocPagesExact({size}, {gfp}, {owner})");
                Note(Allocator.AllocPagesExact(size, gfp, (PageOwner)owner), size, pages, owner);
                break;
        }
    }

    private bool Note(uint address, int size, int pages, int owner)
    {
        if (address == 0)
        {
            return false;
        }
        var block = new Block(size, pages, owner, (byte)_run.Random.Next());
        _live.Add(address, block);
        _addresses.Add(address);
        Memory.Fill(address, size, block.Pattern);
        return true;
    }

    private void Trim(uint address)
    {
        Block block = _live[address];
        int keep = 1 + _run.Random.Below(block.Pages), asked = (block.Size + PageSize - 1) / PageSize;
        int size = (keep * PageSize) - _run.Random.Below(PageSize);
        _run.Begin($"TrimPages({HexText.Of(address)}, {size})");
        Allocator.TrimPages(address, size);
        Forget(address, keep, block);
        block = block with { Pages = keep, Size = keep < asked ? keep * PageSize : block.Size };
        _live[address] = block;
        CheckContents(address, block);
    }

    private void Forget(uint address, int keep, Block block)
    {
        for (int page = keep; page < block.Pages; page++)
        {
            _lastOwners[((address - Start) / PageSize) + page] = (byte)block.Owner;
        }
    }

    private void CheckContents(uint address, Block block)
    {
        byte[] bytes = new byte[block.Size];
        Memory.Read(address, bytes, 0, bytes.Length);
        _run.Expect(!bytes.AsSpan().ContainsAnyExcept(block.Pattern), "hardening wrote into what belongs to somebody:", address);
    }

    /// <param name="Size">Bytes that the owner may write.</param>
    /// <param name="Pages">Pages taken.</param>
    /// <param name="Owner">The owner's number.</param>
    /// <param name="Pattern">The byte that the owner filled them with.</param>
    private sealed record Block(int Size, int Pages, int Owner, byte Pattern);
}
