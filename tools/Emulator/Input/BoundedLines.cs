namespace Carveout.Emulator.Input;

/// <summary>Lines of a text that may be anything: one that is longer than lines are is found out before it fills the memory.</summary>
/// <param name="reader">The text.</param>
/// <param name="longest">Characters that a line may have.</param>
internal sealed class BoundedLines(TextReader reader, int longest)
{
    private const int LeastBuffer = 65536;

    private readonly char[] _buffer = new char[Math.Max(LeastBuffer, 2 * (longest + 2))];
    private int _start, _end;
    private bool _isOver, _skipsLineFeed;

    /// <summary>The number of the line that was read last, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Whether the line that was read last is longer than lines may be: it is only its beginning, and nothing may be read behind it.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Reads a line; line feed, carriage return and both of them end one.</summary>
    /// <param name="line">Without its end; good until the next is read.</param>
    /// <returns>False: the text is over.</returns>
    public bool TryRead(out ReadOnlySpan<char> line)
    {
        int searched = _start;
        while (true)
        {
            if (_skipsLineFeed && _start < _end)
            {
                _skipsLineFeed = false;
                _start += _buffer[_start] == '\n' ? 1 : 0;
                searched = Math.Max(searched, _start);
            }
            int found = _buffer.AsSpan(searched, _end - searched).IndexOfAny('\n', '\r');
            int length = (found < 0 ? _end : searched + found) - _start;
            if (length > longest)
            {
                IsTooLong = true;
                Number++;
                line = _buffer.AsSpan(_start, longest);
                return true;
            }
            if (found >= 0)
            {
                line = _buffer.AsSpan(_start, length);
                _skipsLineFeed = _buffer[_start + length] == '\r';
                _start += length + 1;
                Number++;
                return true;
            }
            if (_isOver)
            {
                line = _buffer.AsSpan(_start, length);
                _start = _end;
                Number += length > 0 ? 1 : 0;
                return length > 0;
            }
            searched = Fill();
        }
    }

    /// <summary>Reads more behind what is there.</summary>
    /// <returns>Where that begins.</returns>
    private int Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        int at = _end, count = reader.Read(_buffer, _end, _buffer.Length - _end);
        _isOver = count == 0;
        _end += count;
        return at;
    }
}
