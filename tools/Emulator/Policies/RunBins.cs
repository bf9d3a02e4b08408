namespace Carveout.Emulator.Policies;

/// <summary>The free runs that begin in one part of a <see cref="LargeRunMap"/>, in bins by length as in <see cref="RunMap"/>.</summary>
internal sealed class RunBins
{
    internal const int Bins = 64;

    /// <summary>Cells count from here: cell c is page <see cref="Before"/> + c. Cell 0 is not used.</summary>
    internal readonly int Before;

    /// <summary>The cell of the anchor of bin 0; the anchor of bin b is b cells behind it.</summary>
    internal readonly int Anchor;

    internal readonly short[] Next, Previous;

    /// <summary>Bit b is set if bin b, or bin 64 + b, is not empty.</summary>
    internal ulong Small, Large;

    /// <summary>Pages of the run or block that begins in this part, and of the free run that ends in it, if they are too many for a tag. A
    /// part has fewer pages than such a run, so there is at most one of each.</summary>
    internal int Beginning, Ending;

    internal RunBins(int before, int pages)
    {
        Before = before;
        Anchor = pages + 1;
        Next = new short[Anchor + 2 * Bins];
        Previous = new short[Anchor];
    }

    /// <summary>Puts a run at the front of its bin.</summary>
    internal void Link(int page, int bin)
    {
        int cell = page - Before, anchor = Anchor + bin, after = Next[anchor];
        Next[anchor] = (short)cell;
        Next[cell] = (short)after;
        Previous[cell] = (short)anchor;
        Previous[after] = (short)cell;
        if (bin < Bins)
        {
            Small |= 1UL << bin;
        }
        else
        {
            Large |= 1UL << bin;
        }
    }

    /// <summary>Takes a run out of its bin.</summary>
    internal void Unlink(int page)
    {
        int cell = page - Before, after = Next[cell], before = Previous[cell];
        Next[before] = (short)after;
        Previous[after] = (short)before;
        if (after == 0 && before >= Anchor)
        {
            int bin = before - Anchor;
            if (bin < Bins)
            {
                Small ^= 1UL << bin;
            }
            else
            {
                Large ^= 1UL << bin;
            }
        }
    }

    /// <summary>The first run of a bin; 0 if it is empty.</summary>
    internal int First(int bin)
    {
        int cell = Next[Anchor + bin];
        return cell == 0 ? 0 : Before + cell;
    }

    /// <summary>The next run in a bin; 0 after the last.</summary>
    internal int Behind(int page)
    {
        int cell = Next[page - Before];
        return cell == 0 ? 0 : Before + cell;
    }
}
