namespace Carveout.Emulator.Tests.Properties;

/// <summary>Every kind of wrong call. Each is refused with the right exception and a helpful message.</summary>
internal sealed class AllocatorMisuse(CheckedAllocator allocator, PropertyRun run)
{
    private static readonly int[] s_badOrders = [-1, PageMap.MaxPageOrder + 1, 31, 32, int.MaxValue, int.MinValue];

    private readonly PageAllocator _tested = allocator.Allocator;

    /// <summary>Makes one wrong call.</summary>
    /// <param name="live">Addresses of taken blocks.</param>
    /// <param name="freed">A recently freed address, or 0.</param>
    public void Try(IReadOnlyList<uint> live, uint freed)
    {
        uint taken = live.Count == 0 ? 0 : run.Choose(live);
        switch (run.Random.Below(9))
        {
            case 0:
                FreeNoBlock(freed);
                break;
            case 1:
                FreeNoBlock(Outside());
                break;
            case 2 or 3 when taken != 0:
                FreeNoBlock(taken + 1 + (uint)run.Random.Below((allocator.BlockLength(taken) * allocator.PageSize) - 1));
                break;
            case 4 when taken != 0:
                FreeAsAnother(taken);
                break;
            case 5 when taken != 0:
                TrimTooMuch(taken);
                break;
            case 6:
                AskForNoOwner();
                break;
            case 7 when taken != 0:
                FreeAbsurdly(taken);
                break;
            default:
                AskForTheImpossible();
                break;
        }
    }

    /// <summary>An address at which no taken block begins: freed, inside a block, inside a page, or in no zone.</summary>
    public void FreeNoBlock(uint address)
    {
        if (allocator.BlockLength(address) != 0)
        {
            return;
        }
        string hex = HexText.Of(address), owner = OwnerOf(address);
        int order = run.Random.Below(PageMap.MaxPageOrder + 1);
        Refuse($"FreePages({hex})", () => _tested.FreePages(address), hex, owner);
        Refuse($"FreePages({hex}, {order})", () => _tested.FreePages(address, order), hex, owner);
        Refuse($"FreePagesExact({hex}, 1)", () => _tested.FreePagesExact(address, 1), hex, owner);
        Refuse($"TrimPages({hex}, 1)", () => _tested.TrimPages(address, 1), hex, owner);
        Refuse($"TrimPages({hex}, int.MinValue)", () => _tested.TrimPages(address, int.MinValue), hex, owner);
    }

    /// <summary>A taken block, freed with a wrong order or size.</summary>
    private void FreeAsAnother(uint address)
    {
        string hex = HexText.Of(address), owner = OwnerOf(address);
        int pages = allocator.BlockLength(address), order = run.Random.Below(PageMap.MaxPageOrder + 1);
        if (1 << order != pages)
        {
            string length = $"{(long)pages * allocator.PageSize} bytes";
            Refuse($"FreePages({hex}, {order})", () => _tested.FreePages(address, order), hex, owner, length);
        }
        int most = LargestZone();
        foreach (int wrong in new[] { pages - 1, pages + 1, 1 + run.Random.Below(most) })
        {
            if (wrong != pages && wrong >= 1 && wrong <= most)
            {
                int size = (wrong * allocator.PageSize) - run.Random.Below(allocator.PageSize);
                Refuse($"FreePagesExact({hex}, {size})", () => _tested.FreePagesExact(address, size), hex, owner);
            }
        }
    }

    private void TrimTooMuch(uint address)
    {
        string hex = HexText.Of(address), owner = OwnerOf(address);
        int length = allocator.BlockLength(address) * allocator.PageSize;
        foreach (int size in new[] { length + 1, length + allocator.PageSize, int.MaxValue, 0, -1, int.MinValue })
        {
            RefuseArgument($"TrimPages({hex}, {size})", () => _tested.TrimPages(address, size), hex, owner, $"{length}");
        }
    }

    /// <summary>Orders and sizes that no block can have.</summary>
    private void FreeAbsurdly(uint address)
    {
        string hex = HexText.Of(address), owner = OwnerOf(address);
        int order = run.Choose(s_badOrders);
        RefuseArgument($"FreePages({hex}, {order})", () => _tested.FreePages(address, order), hex, owner);
        foreach (int size in BadSizes(LargestZone() * (long)allocator.PageSize))
        {
            RefuseArgument($"FreePagesExact({hex}, {size})", () => _tested.FreePagesExact(address, size), hex, owner);
        }
    }

    private void AskForTheImpossible()
    {
        int owner = run.Random.Below(CheckedAllocator.OwnerNames.Length), pageSize = allocator.PageSize;
        string name = Quoted(owner);
        GfpFlags gfp = run.Choose([GfpFlags.Kernel, GfpFlags.Atomic | GfpFlags.NoWarn, GfpFlags.Dma]);
        int order = run.Choose(s_badOrders);
        RefuseArgument($"AllocPages({gfp}, {order}, {owner})", () => _tested.AllocPages(gfp, order, (PageOwner)owner), name, $"{order}");
        foreach (int size in BadSizes((long)pageSize << PageMap.MaxPageOrder))
        {
            RefuseArgument($"AllocBlock({size}, {gfp}, {owner})", () => _tested.AllocBlock(size, gfp, (PageOwner)owner), name, $"{size}");
        }
        foreach (int size in BadSizes(LargestZone() * (long)pageSize))
        {
            RefuseArgument(
                $"AllocPagesExact({size}, {gfp}, {owner})",
                () => _tested.AllocPagesExact(size, gfp, (PageOwner)owner),
                name,
                $"{size}");
        }
        foreach (int alignment in new[] { 0, -1, 1, pageSize / 2, pageSize + 1, 3 * pageSize, int.MaxValue, int.MinValue })
        {
            RefuseArgument(
                $"AllocPagesExact(1, {gfp}, {owner}, {alignment})",
                () => _tested.AllocPagesExact(1, gfp, (PageOwner)owner, alignment),
                name,
                $"{alignment}");
        }
        int tooMany = allocator.TotalPages + 1;
        foreach ((int minFree, int ratio) in new[] { (-1, 0), (tooMany, 0), (int.MinValue, 1), (int.MaxValue, 1), (0, -1) })
        {
            RefuseArgument($"SetWatermarks({minFree}, {ratio})", () => _tested.SetWatermarks(minFree, ratio));
        }
    }

    private void AskForNoOwner()
    {
        foreach (int owner in new[] { -1, CheckedAllocator.OwnerNames.Length, 256, int.MaxValue, int.MinValue })
        {
            // Also together with another mistake: the message must not look up a name that does not exist.
            int order = run.Choose([0, -1, int.MaxValue]), size = run.Choose([1, 0, int.MaxValue]);
            RefuseArgument($"AllocPages(Kernel, {order}, {owner})", () => _tested.AllocPages(GfpFlags.Kernel, order, (PageOwner)owner), $"{owner}");
            RefuseArgument($"AllocBlock({size}, Kernel, {owner})", () => _tested.AllocBlock(size, GfpFlags.Kernel, (PageOwner)owner), $"{owner}");
            RefuseArgument(
                $"AllocPagesExact({size}, Kernel, {owner}, 0)",
                () => _tested.AllocPagesExact(size, GfpFlags.Kernel, (PageOwner)owner, 0), $"{owner}");
        }
    }

    private void Refuse(string operation, Action call, params ReadOnlySpan<string> words) =>
        allocator.Misuse<InvalidOperationException>(operation, call, words);

    private void RefuseArgument(string operation, Action call, params ReadOnlySpan<string> words) =>
        allocator.Misuse<ArgumentOutOfRangeException>(operation, call, words);

    /// <summary>An address around the edges of a zone, at either end of the address space, or anywhere.</summary>
    private uint Outside()
    {
        ZoneModel zone = run.Choose(allocator.Zones);
        uint start = zone.Zone.Start, page = (uint)allocator.PageSize, end = zone.AddressOf(zone.Pages.Pages - 1) + page;
        return run.Choose([0u, 1u, uint.MaxValue, start - 1, start - page, end, (uint)run.Random.Next()]);
    }

    /// <summary>How a message names an address's present or last owner.</summary>
    private string OwnerOf(uint address)
    {
        if (allocator.ZoneOf(address) is not { } zone)
        {
            return _tested.Map?.FindReservation(address) is { } reservation ? $"'{reservation.Name}'" : "no owner";
        }
        int page = zone.PageOf(address), owner = zone.OwnerOf(page);
        return owner == 0 && zone.Pages.BlockAt(page) < 0 ? "no owner" : Quoted(owner);
    }

    private int LargestZone() => allocator.Zones.Max(zone => zone.Pages.Pages);

    private static string Quoted(int owner) => $"'{CheckedAllocator.OwnerNames[owner]}'";

    private static IEnumerable<int> BadSizes(long most)
    {
        int[] sizes = [0, -1, int.MinValue, int.MaxValue, (int)Math.Min(int.MaxValue, most + 1)];
        return sizes.Where(size => size < 1 || size > most);
    }
}
