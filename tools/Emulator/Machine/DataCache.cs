using System.Numerics;

namespace Carveout.Emulator.Machine;

/// <summary>A write-back, write-allocate data cache in front of memory, which counts the mistakes that a real cache hides.</summary>
/// <remarks>
/// <para>It is set-associative and replaces the oldest line of a set. Dirty lines are written back when others need their place, at times
/// that the program cannot predict. Cortex-M7 chooses lines at random; a fixed order shows the same mistakes and repeats them.</para>
/// <para>Devices read and write the memory behind it. If a device writes to a line that is cached, the line is stale until it is
/// invalidated, evicted, or wholly overwritten by the CPU.</para>
/// </remarks>
internal sealed class DataCache
{
    private const byte Clean = 0, Dirty = 1, Stale = 2;
    private const int PageShift = 12, PageSize = 1 << PageShift;

    private readonly EmulatedMemory _memory;
    private readonly int _line, _ways, _setMask, _lineShift;

    // By place, set by set: the line's address plus 1 (0 if empty), its state, its bytes.
    private readonly uint[] _tags;
    private readonly byte[] _states, _data;

    /// <summary>By set, the way whose line is replaced next.</summary>
    private readonly byte[] _next;

    /// <summary>By 4 KB of the address space: how many of its lines are cached. For most cleaning and most accesses of devices this number
    /// is 0, and nothing else is to be done.</summary>
    private readonly ushort[] _cached = new ushort[1 << (32 - PageShift)];

    /// <summary>An empty cache.</summary>
    /// <param name="memory">The memory behind it.</param>
    /// <param name="line">Bytes of a line: a power of two, at most 4096.</param>
    /// <param name="size">Bytes in all: a power of two.</param>
    /// <param name="ways">Lines of a set: a power of two, at most 128.</param>
    public DataCache(EmulatedMemory memory, int line, int size, int ways)
    {
        if (!BitOperations.IsPow2(line) || !BitOperations.IsPow2(size) || !BitOperations.IsPow2(ways) || line < 4 || line > PageSize
            || ways > 128 || size / ways < line)
        {
            throw new ArgumentOutOfRangeException(nameof(size), $"a cache of {size} bytes, {ways} ways, {line} bytes a line: expected powers of two");
        }
        _memory = memory;
        _line = line;
        _ways = ways;
        _lineShift = BitOperations.Log2((uint)line);
        _setMask = (size / ways / line) - 1;
        _tags = new uint[size / line];
        _states = new byte[size / line];
        _data = new byte[size];
        _next = new byte[_setMask + 1];
    }

    /// <summary>How many lines the CPU asked for and found, or did not find.</summary>
    public long Hits { get; private set; }

    /// <inheritdoc cref="Hits"/>
    public long Misses { get; private set; }

    /// <summary>How many dirty lines were written to memory, by cleaning or because their place was needed.</summary>
    public long WriteBacks { get; private set; }

    /// <summary>How many of these overwrote bytes that a device had written meanwhile: the device's data are lost, or it shared the line
    /// with a neighbour.</summary>
    public long WriteBacksOverDma { get; private set; }

    /// <summary>How many dirty lines were discarded by invalidating, with bytes of the CPU that nobody will see.</summary>
    public long DirtyLinesDropped { get; private set; }

    /// <summary>How many lines the CPU read, or partly wrote, although a device had written to them since they were filled.</summary>
    public long StaleLinesRead { get; private set; }

    /// <summary>How many lines a device read although the CPU had written other bytes to them, which were still in the cache.</summary>
    public long StaleLinesReadByDevices { get; private set; }

    /// <summary>How many bytes of these lines differed and were read.</summary>
    public long StaleBytesReadByDevices { get; private set; }

    /// <summary>Reads for the CPU.</summary>
    public void Read(uint address, Span<byte> to)
    {
        while (to.Length > 0)
        {
            int inside = (int)address & (_line - 1), size = Math.Min(to.Length, _line - inside);
            int place = Lookup(address - (uint)inside, true);
            if ((_states[place] & Stale) != 0)
            {
                StaleLinesRead++;
            }
            _data.AsSpan((place << _lineShift) + inside, size).CopyTo(to);
            to = to[size..];
            address += (uint)size;
        }
    }

    /// <summary>Writes for the CPU.</summary>
    public void Write(uint address, ReadOnlySpan<byte> from)
    {
        while (from.Length > 0)
        {
            int inside = (int)address & (_line - 1), size = Math.Min(from.Length, _line - inside);
            int place = Enter(address - (uint)inside, size);
            from[..size].CopyTo(_data.AsSpan((place << _lineShift) + inside));
            from = from[size..];
            address += (uint)size;
        }
    }

    /// <summary>Fills memory for the CPU.</summary>
    public void Fill(uint address, int length, byte value)
    {
        while (length > 0)
        {
            int inside = (int)address & (_line - 1), size = Math.Min(length, _line - inside);
            int place = Enter(address - (uint)inside, size);
            _data.AsSpan((place << _lineShift) + inside, size).Fill(value);
            length -= size;
            address += (uint)size;
        }
    }

    /// <summary>Fills a line that nobody asked for, as a CPU does when it speculates. It counts nothing.</summary>
    public void Prefetch(uint address)
    {
        uint line = address & ~((uint)_line - 1);
        if (Find(line) < 0)
        {
            _memory.Piece(line, _line).CopyTo(_data.AsSpan(Replace(line) << _lineShift));
        }
    }

    /// <summary>Writes back the dirty lines that a span touches; all of them stay cached.</summary>
    public void CleanLines(uint address, int length)
    {
        for (uint line = First(address, length, out uint end); line < end; line = Next(line, end))
        {
            int place = Find(line);
            if (place >= 0 && (_states[place] & Dirty) != 0)
            {
                WriteBack(place);
                _states[place] = Clean;
            }
        }
    }

    /// <summary>Discards the lines that a span touches, dirty or not. What a neighbour wrote to the first and last line is lost,
    /// too.</summary>
    public void InvalidateLines(uint address, int length)
    {
        for (uint line = First(address, length, out uint end); line < end; line = Next(line, end))
        {
            int place = Find(line);
            if (place >= 0)
            {
                if ((_states[place] & Dirty) != 0)
                {
                    DirtyLinesDropped++;
                }
                _tags[place] = 0;
                _cached[line >> PageShift]--;
            }
        }
    }

    /// <summary>Called before or after a device writes to memory.</summary>
    public void DeviceWrites(uint address, int length)
    {
        for (uint line = First(address, length, out uint end); line < end; line = Next(line, end))
        {
            int place = Find(line);
            if (place >= 0)
            {
                _states[place] |= Stale;
            }
        }
    }

    /// <summary>Called when a device reads memory.</summary>
    public void DeviceReads(uint address, int length)
    {
        for (uint line = First(address, length, out uint end); line < end; line = Next(line, end))
        {
            int place = Find(line);
            if (place >= 0 && (_states[place] & Dirty) != 0)
            {
                Compare(line, place, address, length);
            }
        }
    }

    private void Compare(uint line, int place, uint address, int length)
    {
        int from = (int)(Math.Max(line, address) - line), to = (int)(Math.Min(line + (ulong)_line, address + (ulong)length) - line);
        ReadOnlySpan<byte> below = _memory.Piece(line, _line), held = _data.AsSpan(place << _lineShift, _line);
        int differing = 0;
        for (int i = from; i < to; i++)
        {
            differing += below[i] == held[i] ? 0 : 1;
        }
        StaleBytesReadByDevices += differing;
        StaleLinesReadByDevices += differing == 0 ? 0 : 1;
    }

    /// <summary>The first line of a span that may be cached; <paramref name="end"/> is the address behind its last line.</summary>
    private uint First(uint address, int length, out uint end)
    {
        if (length <= 0)
        {
            end = 0;
            return 0;
        }
        uint first = address & ~((uint)_line - 1);
        // A line at the very end of the address space would end at 0, but no map has a cached line there.
        end = ((address + (uint)length - 1) & ~((uint)_line - 1)) + (uint)_line;
        return Skip(first, end);
    }

    private uint Next(uint line, uint end)
    {
        line += (uint)_line;
        return (line & (PageSize - 1)) == 0 ? Skip(line, end) : line;
    }

    /// <summary>The line itself; or, if nothing of its page is cached, the first line of the next page with a cached line.</summary>
    private uint Skip(uint line, uint end)
    {
        while (line < end && _cached[line >> PageShift] == 0)
        {
            line = (line | (PageSize - 1)) + 1;
        }
        return line;
    }

    /// <summary>The place of a line of which the CPU is about to write <paramref name="size"/> bytes; the line is marked dirty.</summary>
    private int Enter(uint line, int size)
    {
        bool whole = size == _line;
        int place = Lookup(line, !whole);
        if (whole)
        {
            _states[place] = Dirty;
        }
        else
        {
            if ((_states[place] & Stale) != 0)
            {
                StaleLinesRead++;
            }
            _states[place] |= Dirty;
        }
        return place;
    }

    private int Lookup(uint line, bool load)
    {
        int place = Find(line);
        if (place >= 0)
        {
            Hits++;
            return place;
        }
        Misses++;
        place = Replace(line);
        if (load)
        {
            _memory.Piece(line, _line).CopyTo(_data.AsSpan(place << _lineShift));
        }
        return place;
    }

    private int Find(uint line)
    {
        int first = ((int)(line >> _lineShift) & _setMask) * _ways;
        ReadOnlySpan<uint> tags = _tags.AsSpan(first, _ways);
        for (int way = 0; way < tags.Length; way++)
        {
            if (tags[way] == line + 1)
            {
                return first + way;
            }
        }
        return -1;
    }

    /// <summary>Makes room for a line; the caller fills in its bytes.</summary>
    private int Replace(uint line)
    {
        int set = (int)(line >> _lineShift) & _setMask, place = (set * _ways) + _next[set];
        _next[set] = (byte)((_next[set] + 1) & (_ways - 1));
        uint tag = _tags[place];
        if (tag != 0)
        {
            if ((_states[place] & Dirty) != 0)
            {
                WriteBack(place);
            }
            _cached[(tag - 1) >> PageShift]--;
        }
        _tags[place] = line + 1;
        _states[place] = Clean;
        _cached[line >> PageShift]++;
        return place;
    }

    private void WriteBack(int place)
    {
        WriteBacks++;
        if ((_states[place] & Stale) != 0)
        {
            WriteBacksOverDma++;
        }
        _memory.Write(_tags[place] - 1, _data.AsSpan(place << _lineShift, _line));
    }
}
