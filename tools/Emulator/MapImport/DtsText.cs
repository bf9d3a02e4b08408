namespace Carveout.Emulator.MapImport;

/// <summary>The text of a device tree's source, word by word. It skips white space and comments, and passes on the preprocessor's
/// lines.</summary>
internal sealed class DtsText
{
    private const int LongestShown = 40;
    private const string WordMarks = ",._+*#?@-";

    private readonly string _text;
    private readonly Func<int, string, bool> _direct;
    private int _at;
    private bool _isLineStart = true;

    /// <summary>A text.</summary>
    /// <param name="path">The path of its file.</param>
    /// <param name="text">All of it.</param>
    /// <param name="direct">Gets a line that begins with #, and returns whether it is the preprocessor's.</param>
    public DtsText(string path, string text, Func<int, string, bool> direct)
    {
        (Path, _text, _direct) = (path, text, direct);
        Skip();
    }

    /// <summary>The path of its file.</summary>
    public string Path { get; }

    /// <summary>The line of the next word.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>The file and line of the next word.</summary>
    public string Place => $"{Path}:{Line}";

    /// <summary>Whether the text has ended.</summary>
    public bool IsAtEnd => _at >= _text.Length;

    /// <summary>Whether a punctuation mark is next.</summary>
    public bool IsAt(string mark) => string.CompareOrdinal(_text, _at, mark, 0, mark.Length) == 0;

    /// <summary>Skips a punctuation mark if it is next.</summary>
    public bool Take(string mark)
    {
        if (!IsAt(mark))
        {
            return false;
        }
        Advance(mark.Length);
        return true;
    }

    /// <summary>Skips a punctuation mark.</summary>
    /// <exception cref="UsageException">Something else is next.</exception>
    public void Expect(string mark)
    {
        if (!Take(mark))
        {
            throw Error($"expected '{mark}'");
        }
    }

    /// <summary>A name of a node or property, a number, or a macro.</summary>
    /// <exception cref="UsageException">Something else is next.</exception>
    public string Word()
    {
        int end = EndOfWord(_at, WordMarks);
        if (end == _at)
        {
            throw Error("expected a name");
        }
        string word = _text[_at..end];
        Advance(end - _at);
        return word;
    }

    /// <summary>A name or number of C, without punctuation marks; empty if none is next.</summary>
    public string Identifier()
    {
        int end = EndOfWord(_at, "_");
        string word = _text[_at..end];
        Advance(end - _at);
        return word;
    }

    /// <summary>A label before a colon; null if none is next.</summary>
    public string? Label()
    {
        int end = EndOfWord(_at, "_");
        if (end == _at || end >= _text.Length || _text[end] != ':')
        {
            return null;
        }
        string label = _text[_at..end];
        Advance(end + 1 - _at);
        return label;
    }

    /// <summary>A string in quotes; null if none is next.</summary>
    /// <exception cref="UsageException">It has no end.</exception>
    public string? String()
    {
        if (!IsAt("\""))
        {
            return null;
        }
        int end = _at + 1;
        while (end < _text.Length && _text[end] != '"')
        {
            end += _text[end] == '\\' ? 2 : 1;
        }
        if (end >= _text.Length)
        {
            throw Error("a string without end");
        }
        string text = _text[(_at + 1)..end];
        Advance(end + 1 - _at);
        return text;
    }

    /// <summary>Skips everything before a punctuation mark.</summary>
    /// <exception cref="UsageException">There is no such mark.</exception>
    public string SkipTo(string mark)
    {
        int found = _text.IndexOf(mark, _at, StringComparison.Ordinal);
        if (found < 0)
        {
            throw Error($"expected '{mark}'");
        }
        string skipped = _text[_at..found];
        Advance(found - _at);
        return skipped;
    }

    /// <summary>Skips characters, whatever they are.</summary>
    public void Skip(int count) => Advance(count);

    /// <summary>An error message about the next word, with its place.</summary>
    public UsageException Error(string message)
    {
        int end = _text.AsSpan(_at, Math.Min(LongestShown, _text.Length - _at)).IndexOfAny('\n', '\r');
        string next = _text.Substring(_at, end >= 0 ? end : Math.Min(LongestShown, _text.Length - _at)).TrimEnd();
        return new UsageException($"{Place}: {message}, found {(IsAtEnd ? "the end of the file" : $"'{next}'")}");
    }

    private int EndOfWord(int at, string marks)
    {
        while (at < _text.Length && (char.IsAsciiLetterOrDigit(_text[at]) || marks.Contains(_text[at])))
        {
            at++;
        }
        return at;
    }

    private void Advance(int count)
    {
        for (int end = Math.Min(_at + count, _text.Length); _at < end; _at++)
        {
            Line += _text[_at] == '\n' ? 1 : 0;
            _isLineStart = false;
        }
        Skip();
    }

    private void Skip()
    {
        while (_at < _text.Length)
        {
            char c = _text[_at];
            if (c == '\n')
            {
                Line++;
                _isLineStart = true;
                _at++;
            }
            else if (char.IsWhiteSpace(c) || c == '\ufeff')
            {
                _at++;
            }
            else if (IsAt("/*"))
            {
                int end = _text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
                end = end < 0 ? _text.Length : end + 2;
                Line += _text.AsSpan(_at, end - _at).Count('\n');
                _at = end;
            }
            else if (IsAt("//"))
            {
                _at = EndOfLine();
            }
            else if (c != '#' || !_isLineStart || !Direct())
            {
                return;
            }
        }
    }

    private bool Direct()
    {
        int end = EndOfLine(), line = Line;
        string directive = _text[_at..end];
        // A backslash continues a macro on the next line.
        while (directive.TrimEnd().EndsWith('\\') && end < _text.Length)
        {
            int next = _text.IndexOf('\n', end + 1);
            next = next < 0 ? _text.Length : next;
            directive = directive.TrimEnd()[..^1] + _text[end..next];
            line++;
            end = next;
        }
        if (!_direct(Line, directive.Trim()))
        {
            return false;
        }
        (_at, Line) = (end, line);
        return true;
    }

    private int EndOfLine()
    {
        int end = _text.IndexOf('\n', _at);
        return end < 0 ? _text.Length : end;
    }
}
