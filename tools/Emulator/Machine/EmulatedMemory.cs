using System.Collections.Concurrent;

namespace Carveout.Emulator.Machine;

/// <summary>The bytes of a board's regions, stored on the host: memory as devices see it. The CPU sees it through <see
/// cref="CpuView"/>.</summary>
/// <remarks>Storage is allocated in chunks when it is first touched, so a 128 MB board needs only what its program touches.</remarks>
internal sealed class EmulatedMemory : PhysicalMemory
{
    private const int ChunkShift = 16, ChunkSize = 1 << ChunkShift;

    private readonly MemoryMap _map;
    private readonly ConcurrentBag<byte[]>? _spare;
    private readonly byte[]?[] _chunks = new byte[1 << (32 - ChunkShift)][];
    private MemoryWatch[] _watches = [];
    private MemoryRegion? _latest;
    private byte[] _moved = [];

    /// <summary>Memory for every region of <paramref name="map"/>, all of it 0.</summary>
    /// <param name="map">The map.</param>
    /// <param name="spare">Storage that earlier memories gave back, if it is to be used again.</param>
    public EmulatedMemory(MemoryMap map, ConcurrentBag<byte[]>? spare = null)
    {
        _map = map;
        _spare = spare;
    }

    /// <summary>Tells <paramref name="watch"/> of every write from now on.</summary>
    public void Add(MemoryWatch watch) => _watches = [.. _watches, watch];

    /// <inheritdoc/>
    public override void Fill(uint address, int length, byte value)
    {
        Region(address, length);
        for (int done = 0; done < length;)
        {
            Span<byte> piece = Piece(address + (uint)done, length - done);
            piece.Fill(value);
            done += piece.Length;
        }
        Written(address, length);
    }

    /// <inheritdoc/>
    public override void Copy(uint source, uint destination, int length)
    {
        Region(source, length);
        Region(destination, length);
        if (_moved.Length < length)
        {
            _moved = new byte[length];
        }
        Read(source, _moved.AsSpan(0, length));
        Write(destination, _moved.AsSpan(0, length));
    }

    /// <inheritdoc/>
    public override void Read(uint address, byte[] buffer, int offset, int length)
    {
        Region(address, length);
        Read(address, Part(buffer, offset, length));
    }

    /// <inheritdoc/>
    public override void Write(uint address, byte[] buffer, int offset, int length)
    {
        Region(address, length);
        Write(address, Part(buffer, offset, length));
    }

    /// <inheritdoc/>
    public override void CleanCache(uint address, int length) => Region(address, length);

    /// <inheritdoc/>
    public override void InvalidateCache(uint address, int length) => Region(address, length);

    /// <summary>Copies from memory; the caller knows that the span lies in a region.</summary>
    public void Read(uint address, Span<byte> to)
    {
        while (to.Length > 0)
        {
            Span<byte> piece = Piece(address, to.Length);
            piece.CopyTo(to);
            to = to[piece.Length..];
            address += (uint)piece.Length;
        }
    }

    /// <summary>Copies into memory; the caller knows that the span lies in a region.</summary>
    public void Write(uint address, ReadOnlySpan<byte> from)
    {
        Written(address, from.Length);
        while (from.Length > 0)
        {
            Span<byte> piece = Piece(address, from.Length);
            from[..piece.Length].CopyTo(piece);
            from = from[piece.Length..];
            address += (uint)piece.Length;
        }
    }

    /// <summary>Whether memory holds the expected bytes from an address on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They would not lie in a region.</exception>
    public bool Holds(uint address, ReadOnlySpan<byte> expected)
    {
        Region(address, expected.Length);
        while (expected.Length > 0)
        {
            Span<byte> piece = Piece(address, expected.Length);
            if (!piece.SequenceEqual(expected[..piece.Length]))
            {
                return false;
            }
            expected = expected[piece.Length..];
            address += (uint)piece.Length;
        }
        return true;
    }

    /// <summary>Gives the storage to memories that are made later. Nobody uses this one any more.</summary>
    public void GiveBack()
    {
        foreach (byte[]? chunk in _chunks)
        {
            if (chunk is not null)
            {
                _spare?.Add(chunk);
            }
        }
        Array.Clear(_chunks);
    }

    /// <summary>The bytes at an address, as far as they are stored together: <paramref name="length"/> or fewer. A cache line always
    /// is.</summary>
    public Span<byte> Piece(uint address, int length)
    {
        int inside = (int)(address & (ChunkSize - 1));
        byte[] chunk = _chunks[address >> ChunkShift] ??= NewChunk();
        return chunk.AsSpan(inside, Math.Min(length, ChunkSize - inside));
    }

    /// <summary>The region that a span lies in.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not lie in a region.</exception>
    public MemoryRegion Region(uint address, int length)
    {
        // So it is with nearly every access.
        if (length > 0 && _latest is not null && _latest.Contains(address, (uint)length))
        {
            return _latest;
        }
        if (_latest is null || !_latest.Contains(address, 1))
        {
            _latest = _map.FindRegion(address);
        }
        if (length < 0 || _latest is null
            || (!_latest.Contains(address, (uint)length) && (ulong)address + (uint)length > _map.EndOfRun(_latest)))
        {
            throw new ArgumentOutOfRangeException(nameof(address), $"{length} bytes at {HexText.Of(address)} of board {_map.Name}: "
                + (_latest is null ? "no memory there" : $"region {_latest.Name} is {HexText.OfSpan(_latest.Start, _latest.Size)}"));
        }
        return _latest;
    }

    /// <summary>A part of a caller's array.</summary>
    /// <exception cref="ArgumentException">There is no array, or it has no such part.</exception>
    public static Span<byte> Part(byte[] buffer, int offset, int length) => buffer != null && offset >= 0 && length <= buffer.Length - offset
        ? buffer.AsSpan(offset, length)
        : throw NotInBuffer(buffer, offset, length);

    private byte[] NewChunk()
    {
        if (_spare is null || !_spare.TryTake(out byte[]? chunk))
        {
            return new byte[ChunkSize];
        }
        Array.Clear(chunk);
        return chunk;
    }

    private void Written(uint address, int length)
    {
        foreach (MemoryWatch watch in _watches)
        {
            watch.Note(address, length);
        }
    }
}
