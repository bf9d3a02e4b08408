namespace Carveout.Emulator.Input;

/// <summary>Reads the lines of any text. A line that is too long is noticed before it fills the memory.</summary>
/// <param name="reader">The text.</param>
/// <param name="longest">The most characters of a line.</param>
internal sealed class BoundedLines(TextReader reader, int longest)
{
    private const int LeastBuffer = 65536;

    private readonly char[] _buffer = new char[Math.Max(LeastBuffer, 2 * (longest + 2))];
    private int _start, _end;
    private bool _isOver, _skipsLineFeed;

    /// <summary>The number of the last line, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Whether the last line was too long. Then only its beginning was read, and nothing may be read after it.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Reads a line, which ends with a line feed, a carriage return or both.</summary>
    /// <param name="line">The line without its end, valid until the next call.</param>
    /// <returns>False at the end of the text.</returns>
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

    /// <summary>Reads more characters behind those that are there.</summary>
    /// <returns>Where the new characters begin.</returns>
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
