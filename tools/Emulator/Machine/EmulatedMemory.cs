using Carveout.Board;

namespace Carveout.Emulator.Machine;

/// <summary>The bytes of a board's regions, on the host.</summary>
/// <remarks>Storage comes in chunks when it is first written, so that a 128 MB board costs what its program touches.</remarks>
internal sealed class EmulatedMemory : PhysicalMemory
{
    private const int ChunkShift = 16, ChunkSize = 1 << ChunkShift;

    private readonly MemoryMap _map;
    private readonly Dictionary<uint, byte[]> _chunks = [];

    /// <summary>Memory for every region of <paramref name="map"/>, all of it 0.</summary>
    public EmulatedMemory(MemoryMap map) => _map = map;

    /// <inheritdoc/>
    public override void Fill(uint address, int length, byte value)
    {
        Check(address, length);
        ForEachPiece(address, length, (chunk, _) => chunk.Fill(value));
    }

    /// <inheritdoc/>
    public override void Copy(uint source, uint destination, int length)
    {
        Check(source, length);
        Check(destination, length);
        byte[] moved = new byte[length];
        Read(source, moved, 0, length);
        Write(destination, moved, 0, length);
    }

    /// <inheritdoc/>
    public override void Read(uint address, byte[] buffer, int offset, int length)
    {
        Check(address, length);
        CheckBuffer(buffer, offset, length);
        ForEachPiece(address, length, (chunk, done) => chunk.CopyTo(buffer.AsSpan(offset + done)));
    }

    /// <inheritdoc/>
    public override void Write(uint address, byte[] buffer, int offset, int length)
    {
        Check(address, length);
        CheckBuffer(buffer, offset, length);
        ForEachPiece(address, length, (chunk, done) => buffer.AsSpan(offset + done, chunk.Length).CopyTo(chunk));
    }

    /// <summary>Times that a cache was cleaned.</summary>
    public long Cleans { get; private set; }

    /// <summary>Times that a cache was invalidated.</summary>
    public long Invalidations { get; private set; }

    /// <inheritdoc/>
    /// <remarks>CPU and devices share the bytes here: there is nothing to write back, only to count.</remarks>
    public override void CleanCache(uint address, int length)
    {
        Check(address, length);
        Cleans++;
    }

    /// <inheritdoc/>
    /// <remarks>As <see cref="CleanCache"/>.</remarks>
    public override void InvalidateCache(uint address, int length)
    {
        Check(address, length);
        Invalidations++;
    }

    private delegate void Piece(Span<byte> chunk, int done);

    private void ForEachPiece(uint address, int length, Piece piece)
    {
        for (int done = 0; done < length;)
        {
            uint at = address + (uint)done;
            int inside = (int)(at & (ChunkSize - 1)), size = Math.Min(length - done, ChunkSize - inside);
            if (!_chunks.TryGetValue(at >> ChunkShift, out byte[]? chunk))
            {
                _chunks[at >> ChunkShift] = chunk = new byte[ChunkSize];
            }
            piece(chunk.AsSpan(inside, size), done);
            done += size;
        }
    }

    private void Check(uint address, int length)
    {
        MemoryRegion? region = _map.FindRegion(address);
        if (length < 0 || region is null || !region.Contains(address, (uint)length))
        {
            throw new ArgumentOutOfRangeException(nameof(address), $"{length} bytes at {HexText.Of(address)} of board {_map.Name}: "
                + (region is null ? "no memory there" : $"region {region.Name} is {HexText.Of(region.Start, region.Size)}"));
        }
    }

    private static void CheckBuffer(byte[] buffer, int offset, int length)
    {
        if (offset < 0 || length > buffer.Length - offset)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), $"{length} bytes from {offset} on: the buffer has {buffer.Length}");
        }
    }
}
