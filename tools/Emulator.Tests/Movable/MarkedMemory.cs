using Carveout.Emulator.Tests.Slab;

namespace Carveout.Emulator.Tests.Movable;

/// <summary>Memory that stores one number for each page: its block and its index in that. Copying counts pages. Before each page the lock's
/// interrupt comes, unless the lock is held, which it is for one page at most.</summary>
internal sealed class MarkedMemory(uint start, int pages, int pageSize, InterruptingLock allocatorLock) : PhysicalMemory
{
    private readonly long[] _marks = new long[pages];

    /// <summary>How many pages have been copied.</summary>
    public int Copied { get; private set; }

    /// <summary>The page, counted by <see cref="Copied"/>, at which the power fails; negative if it does not fail.</summary>
    public int FailsAt { get; set; } = -1;

    /// <summary>How many pages have been copied under the lock.</summary>
    public int CopiedUnderLock { get; private set; }

    /// <summary>The content of the last page that was to be copied under the lock.</summary>
    public long LastUnderLock { get; private set; }

    public long this[uint address]
    {
        get => _marks[PageOf(address)];
        set => _marks[PageOf(address)] = value;
    }

    public override void Copy(uint source, uint destination, int length)
    {
        int from = PageOf(source), to = PageOf(destination), count = length / pageSize;
        if (length % pageSize != 0 || (from < to + count && to < from + count))
        {
            throw new NotSupportedException($"copies {length} bytes from {HexText.Of(source)} onto {HexText.Of(destination)}");
        }
        if (allocatorLock.IsHeld)
        {
            if (count != 1)
            {
                throw new NotSupportedException($"copies {count} pages under the lock");
            }
            LastUnderLock = _marks[from];
        }
        for (int page = 0; page < count; page++)
        {
            if (Copied == FailsAt)
            {
                throw new PowerFailedException();
            }
            allocatorLock.Fire();
            Copied++;
            CopiedUnderLock += allocatorLock.IsHeld ? 1 : 0;
            _marks[to + page] = _marks[from + page];
        }
    }

    public override void Fill(uint address, int length, byte value) => _marks.AsSpan(PageOf(address), length / pageSize).Fill(value);

    public override void Read(uint address, byte[] buffer, int offset, int length) => throw new NotSupportedException("nobody reads bytes");

    public override void Write(uint address, byte[] buffer, int offset, int length) => throw new NotSupportedException("nobody writes bytes");

    public override void CleanCache(uint address, int length)
    {
    }

    public override void InvalidateCache(uint address, int length)
    {
    }

    private int PageOf(uint address) => (int)((address - start) / (uint)pageSize);
}

/// <summary>The power failed while a page was copied.</summary>
internal sealed class PowerFailedException : Exception;
