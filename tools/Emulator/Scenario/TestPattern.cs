using System.Buffers.Binary;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Machine;

namespace Carveout.Emulator.Scenario;

/// <summary>The generated movie: a still gradient with a bright row that moves down, and a stamp at both ends of the frame.</summary>
/// <remarks>A new buffer is drawn as a whole. After that, each frame only moves the row and renews the stamps. So two hours of video take
/// seconds, and yet every byte of every frame is defined and can be checked.</remarks>
internal sealed class TestPattern
{
    private const int StampSize = 16;
    private const uint StampMark = 0x4D4F5645;
    private const byte Bright = 0xFF;

    private readonly EmulatedMemory _memory;
    private readonly MovieSpec _movie;
    private readonly byte[] _still;
    private readonly byte[] _brightRow;
    private readonly byte[] _stamp = new byte[StampSize];

    /// <summary>Makes the pattern for frames of one format.</summary>
    public TestPattern(EmulatedMemory memory, MovieSpec movie)
    {
        _memory = memory;
        _movie = movie;
        _still = new byte[movie.FrameSize];
        for (int y = 0; y < movie.Height; y++)
        {
            for (int x = 0; x < movie.Width; x++)
            {
                int pixel = ((x * 31 / movie.Width) << 11) | ((y * 63 / movie.Height) << 5) | ((x ^ y) & 31);
                BinaryPrimitives.WriteUInt16LittleEndian(_still.AsSpan((y * movie.Stride) + (x * MovieSpec.BytesPerPixel)), (ushort)pixel);
            }
        }
        _brightRow = new byte[movie.Stride];
        Array.Fill(_brightRow, Bright);
    }

    /// <summary>Draws a whole frame in a new buffer.</summary>
    public void DrawWhole(uint buffer) => _memory.Write(buffer, _still, 0, _still.Length);

    /// <summary>Turns a buffer's frame into frame <paramref name="frame"/>.</summary>
    /// <param name="buffer">The buffer's address.</param>
    /// <param name="previous">The frame that it holds, or -1 after <see cref="DrawWhole"/>.</param>
    /// <param name="frame">Counted from 0 over the whole run.</param>
    public void Draw(uint buffer, long previous, long frame)
    {
        if (previous >= 0)
        {
            int old = RowOf(previous);
            _memory.Write(buffer + (uint)(old * _movie.Stride), _still, old * _movie.Stride, _movie.Stride);
        }
        _memory.Write(buffer + (uint)(RowOf(frame) * _movie.Stride), _brightRow, 0, _movie.Stride);
        WriteStamp(_stamp, buffer, frame);
        _memory.Write(buffer, _stamp, 0, StampSize);
        _memory.Write(buffer + (uint)(_movie.FrameSize - StampSize), _stamp, 0, StampSize);
    }

    /// <summary>Checks the stamps and the moving row as the display sees them.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Check(uint buffer, long frame)
    {
        WriteStamp(_stamp, buffer, frame);
        foreach (uint at in (ReadOnlySpan<uint>)[buffer, buffer + (uint)(_movie.FrameSize - StampSize)])
        {
            if (!_memory.Holds(at, _stamp))
            {
                return $"frame {frame}: the stamp at {HexText.Of(at)} was overwritten";
            }
        }
        int row = RowOf(frame);
        return HoldsRow(buffer, row, _brightRow) ? null : $"frame {frame}: row {row} was overwritten";
    }

    /// <summary>Checks every byte.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? CheckWhole(uint buffer, long frame)
    {
        for (int row = 0; row < _movie.Height; row++)
        {
            if (!HoldsRow(buffer, row, row == RowOf(frame) ? _brightRow : _still.AsSpan(row * _movie.Stride, _movie.Stride)))
            {
                return $"frame {frame}: row {row} was overwritten";
            }
        }
        return Check(buffer, frame);
    }

    /// <summary>Whether a row of a frame is the expected one, but for the bytes that the stamps cover.</summary>
    private bool HoldsRow(uint buffer, int y, ReadOnlySpan<byte> expected)
    {
        int from = y == 0 ? StampSize : 0, to = y == _movie.Height - 1 ? _movie.Stride - StampSize : _movie.Stride;
        return _memory.Holds(buffer + (uint)((y * _movie.Stride) + from), expected[from..to]);
    }

    private int RowOf(long frame) => (int)(frame % _movie.Height);

    private static void WriteStamp(byte[] stamp, uint buffer, long frame)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(stamp, StampMark);
        BinaryPrimitives.WriteUInt32LittleEndian(stamp.AsSpan(4), buffer);
        BinaryPrimitives.WriteInt64LittleEndian(stamp.AsSpan(8), frame);
    }
}
