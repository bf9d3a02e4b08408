namespace Carveout.Emulator.Import;

/// <summary>The fields of an event: key=value words, or key = value between braces and commas.</summary>
internal readonly struct EventFields
{
    private readonly string _text;

    /// <summary>Reads the fields of a text.</summary>
    public EventFields(string text)
    {
        _text = text.TrimEnd();
    }

    /// <summary>Whether the text ends with a brace, as fields in braces do if nothing is cut.</summary>
    public bool IsClosed => _text.EndsWith('}');

    /// <summary>The value of a field; empty if there is none.</summary>
    public string this[string key]
    {
        get
        {
            for (int at = _text.IndexOf(key, StringComparison.Ordinal); at >= 0; at = _text.IndexOf(key, at + 1, StringComparison.Ordinal))
            {
                if (at > 0 && (char.IsAsciiLetterOrDigit(_text[at - 1]) || _text[at - 1] == '_'))
                {
                    continue;
                }
                int start = SkipBlanks(at + key.Length);
                if (start == _text.Length || _text[start] != '=')
                {
                    continue;
                }
                start = SkipBlanks(start + 1);
                int end = start;
                if (end < _text.Length && _text[end] == '"')
                {
                    int close = _text.IndexOf('"', end + 1);
                    return close < 0 ? "" : _text[start..(close + 1)];
                }
                while (end < _text.Length && _text[end] is not (' ' or ',' or '}'))
                {
                    end++;
                }
                return _text[start..end];
            }
            return "";
        }
    }

    /// <summary>Whether the field exists.</summary>
    public bool Has(string key) => this[key].Length > 0;

    private int SkipBlanks(int at)
    {
        while (at < _text.Length && _text[at] == ' ')
        {
            at++;
        }
        return at;
    }
}
