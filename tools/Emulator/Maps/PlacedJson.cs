using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Carveout.Emulator.Maps;

/// <summary>A JSON value with its place in the file, for error messages.</summary>
/// <remarks>Comments and trailing commas are allowed, because people write these files. A repeated key is refused.</remarks>
internal sealed class PlacedJson
{
    private const int LongestShown = 60;

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _file;
    private readonly string _path;
    private readonly int _line;

    private PlacedJson(string file, string path, int line, JsonTokenType type, string text)
    {
        (_file, _path, _line, Type, Text) = (file, path, line, type, text);
    }

    /// <summary>Its type: StartObject, StartArray, String, Number, True, False or Null.</summary>
    public JsonTokenType Type { get; }

    /// <summary>The characters of a string or number as written; for others the token.</summary>
    public string Text { get; }

    /// <summary>Its key in its object; empty for elements of arrays and for the whole.</summary>
    public string Key { get; private init; } = "";

    /// <summary>An array's elements or an object's members, in their order.</summary>
    public List<PlacedJson> Children { get; } = [];

    /// <summary>An object's members, in their order.</summary>
    /// <exception cref="UsageException">It is not an object.</exception>
    public List<PlacedJson> Members => Type == JsonTokenType.StartObject ? Children : throw Error($"expected an object, found {Shown}");

    /// <summary>An array's elements, in their order.</summary>
    /// <exception cref="UsageException">It is not an array.</exception>
    public List<PlacedJson> Elements => Type == JsonTokenType.StartArray ? Children : throw Error($"expected an array, found {Shown}");

    /// <summary>The value in messages.</summary>
    public string Shown => Type switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => Quote(Text),
        _ => Shorten(Text),
    };

    /// <summary>Reads one JSON value; nothing may follow it.</summary>
    /// <param name="file">The file's name in messages.</param>
    /// <param name="text">The file's text.</param>
    /// <exception cref="UsageException">It is not JSON; the message says where.</exception>
    public static PlacedJson Parse(string file, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new UsageException($"{file}: the file is empty");
        }
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        var options = new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
        var json = new Utf8JsonReader(utf8, options);
        var lines = new LineCount();
        try
        {
            json.Read();
            PlacedJson root = Read(ref json, utf8, lines, file, "", "");
            // This throws if anything but white space and comments follows.
            json.Read();
            return root;
        }
        catch (JsonException e)
        {
            string why = json.TokenType == JsonTokenType.None ? "expected an object in braces" : Reason(e.Message);
            throw new UsageException($"{file}:{e.LineNumber + 1}: not JSON: {why}");
        }
    }

    /// <summary>The value of an enum with this name, in any case.</summary>
    /// <exception cref="UsageException">The enum has no such name.</exception>
    public T Choice<T>()
        where T : struct, Enum
    {
        int index = Type == JsonTokenType.String
            ? Array.FindIndex(Enum.GetNames<T>(), name => name.Equals(Text, StringComparison.OrdinalIgnoreCase)) : -1;
        return index >= 0 ? Enum.GetValues<T>()[index]
            : throw Error($"{Shown} is none of {string.Join(", ", Enum.GetNames<T>().Select(MapWriter.Word))}");
    }

    /// <summary>An error about this value, with its place.</summary>
    public UsageException Error(string message) => new($"{_file}:{_line}: {(_path.Length == 0 ? "" : _path + ": ")}{message}");

    private static PlacedJson Read(ref Utf8JsonReader json, byte[] utf8, LineCount lines, string file, string path, string key)
    {
        int line = lines.At(utf8, (int)json.TokenStartIndex);
        string text = json.TokenType == JsonTokenType.String ? Unescape(ref json, file, line) : Encoding.UTF8.GetString(json.ValueSpan);
        var value = new PlacedJson(file, path, line, json.TokenType, text) { Key = key };
        if (value.Type == JsonTokenType.StartArray)
        {
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                value.Children.Add(Read(ref json, utf8, lines, file, $"{path}[{value.Children.Count}]", ""));
            }
        }
        else if (value.Type == JsonTokenType.StartObject)
        {
            var keys = new HashSet<string>();
            while (json.Read() && json.TokenType != JsonTokenType.EndObject)
            {
                string member = Unescape(ref json, file, lines.At(utf8, (int)json.TokenStartIndex));
                json.Read();
                PlacedJson child = Read(ref json, utf8, lines, file, Below(path, member), member);
                value.Children.Add(child);
                if (!keys.Add(member))
                {
                    throw child.Error("the key is given twice");
                }
            }
        }
        return value;
    }

    private static string Below(string path, string member) =>
        member.Length == 0 || member.Length > LongestShown || !member.All(char.IsAsciiLetterOrDigit) ? $"{path}[{Quote(member)}]"
            : path.Length == 0 ? member : $"{path}.{member}";

    /// <summary>Quotes text with control characters escaped, so that a file cannot control the terminal.</summary>
    private static string Quote(string text) => JsonSerializer.Serialize(Shorten(text), s_plain);

    private static string Shorten(string text) => text.Length <= LongestShown ? text : text[..LongestShown] + "...";

    /// <summary>Refuses half a surrogate pair, which is JSON but not text.</summary>
    private static string Unescape(ref Utf8JsonReader json, string file, int line)
    {
        try
        {
            return json.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new UsageException($"{file}:{line}: not JSON: a string is not valid Unicode");
        }
    }

    /// <summary>The reader's message without its position, since ours comes first.</summary>
    private static string Reason(string message)
    {
        int position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (position < 0 ? message : message[..position]).ReplaceLineEndings(" ").TrimEnd('.', ' ');
    }

    /// <summary>Finds the line of each offset. Offsets only grow, so the text is read once.</summary>
    private sealed class LineCount
    {
        private int _offset, _line = 1;

        public int At(byte[] utf8, int offset)
        {
            _line += utf8.AsSpan(_offset, offset - _offset).Count((byte)'\n');
            _offset = offset;
            return _line;
        }
    }
}
