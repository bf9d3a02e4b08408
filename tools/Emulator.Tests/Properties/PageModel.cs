namespace Carveout.Emulator.Tests.Properties;

/// <summary>A simple model of a zone's pages: one number for each page, and a search through all of them for every question.</summary>
internal sealed class PageModel
{
    private const int Free = -1;

    /// <summary>By page: the first page of the taken block that it lies in.</summary>
    private readonly int[] _block;

    public PageModel(int pages)
    {
        _block = new int[pages];
        Array.Fill(_block, Free);
    }

    public int Pages => _block.Length;

    public int FreePages => _block.AsSpan().Count(Free);

    /// <summary>Whether the pages lie in the zone and are all free.</summary>
    public bool IsFree(int first, int pages) =>
        first >= 0 && pages <= Pages - first && !_block.AsSpan(first, pages).ContainsAnyExcept(Free);

    /// <summary>The first page of the taken block that the page lies in, or -1.</summary>
    public int BlockAt(int page) => _block[page];

    /// <summary>Pages of the taken block that begins at the page; 0 if none does.</summary>
    public int BlockLength(int page)
    {
        if (_block[page] != page)
        {
            return 0;
        }
        int length = _block.AsSpan(page).IndexOfAnyExcept(page);
        return length < 0 ? Pages - page : length;
    }

    public void Take(int first, int pages) => _block.AsSpan(first, pages).Fill(first);

    /// <summary>Frees the block that begins at the page.</summary>
    public int Release(int page)
    {
        int length = BlockLength(page);
        _block.AsSpan(page, length).Fill(Free);
        return length;
    }

    /// <summary>Keeps the first pages of the block that begins at the page.</summary>
    public void Trim(int page, int pages) => _block.AsSpan(page + pages, BlockLength(page) - pages).Fill(Free);

    /// <summary>Whether 2^order pages that are aligned to their own size are all free.</summary>
    public bool HasBlock(int order)
    {
        for (int first = 0; first < Pages; first += 1 << order)
        {
            if (IsFree(first, 1 << order))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Pages of the shortest free run with room for <paramref name="pages"/> at a multiple of <paramref name="alignment"/>; 0 if
    /// there is none.</summary>
    public int ShortestRun(int pages, int alignment)
    {
        int shortest = 0;
        for (int first = 0; NextRun(ref first, out int length); first += length)
        {
            if (length - (AlignUp(first, alignment) - first) >= pages && (shortest == 0 || length < shortest))
            {
                shortest = length;
            }
        }
        return shortest;
    }

    /// <summary>Where each free run begins, and its pages.</summary>
    public IEnumerable<(int First, int Length)> Runs()
    {
        for (int first = 0; NextRun(ref first, out int length); first += length)
        {
            yield return (first, length);
        }
    }

    /// <summary>Pages of the longest free run; 0 if all are taken.</summary>
    public int LongestRun()
    {
        int longest = 0;
        for (int first = 0; NextRun(ref first, out int length); first += length)
        {
            longest = Math.Max(longest, length);
        }
        return longest;
    }

    /// <summary>The free run that the page lies in.</summary>
    public (int First, int Length) RunAround(int page)
    {
        int first = _block.AsSpan(0, page).LastIndexOfAnyExcept(Free) + 1;
        NextRun(ref first, out int length);
        return (first, length);
    }

    /// <summary>The free blocks of a buddy system in which everything that can merge has merged: the largest aligned blocks of each
    /// run.</summary>
    /// <returns>False behind the last one.</returns>
    public bool NextBlock(ref int page, int maxOrder, out int order)
    {
        order = 0;
        if (!NextRun(ref page, out int length))
        {
            return false;
        }
        while (order < maxOrder && page % (2 << order) == 0 && 2 << order <= length)
        {
            order++;
        }
        return true;
    }

    /// <summary>Adds the merged free blocks of each order.</summary>
    public void CountBlocks(int[] counts, int maxOrder)
    {
        for (int page = 0; NextBlock(ref page, maxOrder, out int order); page += 1 << order)
        {
            counts[order]++;
        }
    }

    public static int AlignUp(int page, int alignment) => (int)(((long)page + alignment - 1) / alignment * alignment);

    /// <summary>The order of the block that a buddy system takes for a run.</summary>
    public static int OrderFor(int pages, int alignment) => PageMap.OrderOf(Math.Max(pages, alignment));

    private bool NextRun(ref int first, out int length)
    {
        length = 0;
        int skipped = first < Pages ? _block.AsSpan(first).IndexOf(Free) : -1;
        if (skipped < 0)
        {
            return false;
        }
        first += skipped;
        length = _block.AsSpan(first).IndexOfAnyExcept(Free);
        length = length < 0 ? Pages - first : length;
        return true;
    }
}
