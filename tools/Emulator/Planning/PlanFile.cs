using System.Text.Json;
using Carveout.Board.Boards;
using Carveout.Video;

namespace Carveout.Emulator.Planning;

/// <summary>A plan that <c>carveout plan --out</c> wrote, read for <c>play</c>: the keys that it takes to boot.</summary>
internal static class PlanFile
{
    /// <summary>Characters of a word: names of boards, streams and choices stay far below.</summary>
    private const int LongestWord = 64;

    /// <summary>Writes a plan.</summary>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public static void Write(string path, string json)
    {
        try
        {
            File.WriteAllText(path, json);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw FileFault.OfOutput(path, e, "--out");
        }
    }

    /// <summary>Reads a plan.</summary>
    /// <exception cref="UsageException">The file cannot be read, or is no plan; the message says why.</exception>
    public static PlanLayout Read(string path)
    {
        string text = BoundedText.Read(path, "plan", "--plan");
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return Layout(path, json.RootElement);
        }
        catch (JsonException e)
        {
            throw new UsageException($"{path}:{e.LineNumber + 1}: not JSON; expected what carveout plan --out writes");
        }
        catch (InvalidOperationException)
        {
            throw new UsageException($"{path}: not JSON: a string is not valid Unicode");
        }
    }

    private static PlanLayout Layout(string path, JsonElement root)
    {
        string board = Word(Member(root, "board"), "board");
        if (!BoardCatalog.Names().Contains(board))
        {
            throw Bad("board", $"no board is called '{board}'; there are {string.Join(", ", BoardCatalog.Names())}");
        }
        JsonElement streams = Member(root, "streams");
        if (streams.ValueKind != JsonValueKind.Array || streams.GetArrayLength() is < 1 or > Contract.MaxStreams)
        {
            throw Bad("streams", $"expected an array of 1 to {Contract.MaxStreams}");
        }
        var specs = new List<StreamSpec>();
        foreach (JsonElement stream in streams.EnumerateArray())
        {
            string item = $"streams[{specs.Count}]", key = $"{item}.stream", words = Word(Member(stream, "stream", item), key);
            string why = StreamSpec.TryParse(words, out StreamSpec? spec);
            specs.Add(spec ?? throw Bad(key, $"{words}: {why}"));
        }
        int align = (int)Number(Member(root, "lineAlignment"), "lineAlignment", 1, 1024);
        if ((align & (align - 1)) != 0)
        {
            throw Bad("lineAlignment", $"{align} is no power of two");
        }
        JsonElement reservation = Member(root, "reservation"), bounce = Member(root, "bounce");
        return new PlanLayout(board, Choice<ZoneLayout>("zones"), Choice<PageMapKind>("pageMap"), specs, align,
            Pages(reservation, "reservation", MemoryMap.DefaultPageSize),
            bounce.ValueKind == JsonValueKind.Null ? 0 : Pages(bounce, "bounce", TransferLimits.SlotSize));

        UsageException Bad(string key, string why) => new($"{path}: {key}: {why}");

        JsonElement Member(JsonElement of, string key, string? parent = null)
        {
            if (of.ValueKind != JsonValueKind.Object)
            {
                throw Bad(parent ?? "the file", "expected an object, as carveout plan --out writes it");
            }
            return of.TryGetProperty(key, out JsonElement value) ? value
                : throw Bad(parent is null ? key : $"{parent}.{key}", "there is no such key; expected what carveout plan --out writes");
        }

        string Word(JsonElement of, string key) =>
            of.ValueKind == JsonValueKind.String && of.GetString() is { Length: <= LongestWord } word ? word
                : throw Bad(key, $"expected a string of at most {LongestWord} characters");

        long Number(JsonElement of, string key, long least, long most) =>
            of.ValueKind == JsonValueKind.Number && of.TryGetInt64(out long number) && number >= least && number <= most
                ? number
                : throw Bad(key, $"expected a whole number from {least} to {most}");

        long Pages(JsonElement of, string key, int unit)
        {
            long bytes = Number(Member(of, "bytes", key), $"{key}.bytes", unit, uint.MaxValue);
            return bytes % unit == 0 ? bytes : throw Bad($"{key}.bytes", $"{bytes} is no multiple of {unit}");
        }

        T Choice<T>(string key)
            where T : struct, Enum
        {
            string word = Word(Member(root, key), key);
            foreach (T value in Enum.GetValues<T>())
            {
                if (Maps.MapWriter.Word(value.ToString()) == word)
                {
                    return value;
                }
            }
            throw Bad(key, $"'{word}': expected {string.Join(", ", Enum.GetNames<T>().Select(Maps.MapWriter.Word))}");
        }
    }
}
