using System.Text.Json;
using Carveout.Board.Boards;
using Carveout.Emulator.Boards;
using Carveout.Emulator.Maps;
using Carveout.Video;

namespace Carveout.Emulator.Planning;

/// <summary>Reads for <c>play</c> a plan that <c>carveout plan --out</c> has written: the keys that are needed to boot.</summary>
internal static class PlanFile
{
    /// <summary>The most characters of a word: the longest is the path of a board file.</summary>
    private const int LongestWord = 4096;

    private const int MostParts = 256;

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
    public static BootLayout Read(string path)
    {
        PlacedJson root = PlacedJson.Parse(path, BoundedText.Read(path, "plan", "--plan"));
        StockHeap? heap = root.Members.Find(member => member.Key == "heap") is { } stock
            ? new StockHeap(Number(Member(stock, "bytes"), StockHeap.Least, StockHeap.Most)) : null;
        PlacedJson board = Member(root, "board");
        EmulatedBoard played = heap is not null && board.Type == JsonTokenType.Null ? heap.ToBoard() : Board(board);
        PlacedJson streams = Member(root, "streams");
        if (streams.Elements.Count is < 1 or > Contract.MaxStreams)
        {
            throw streams.Error($"expected 1 to {Contract.MaxStreams} streams, found {streams.Elements.Count}");
        }
        StreamSpec[] specs = [.. streams.Elements.Select(Stream)];
        PlacedJson align = Member(root, "lineAlignment");
        int lineAlignment = (int)Number(align, 1, 1024);
        if ((lineAlignment & (lineAlignment - 1)) != 0)
        {
            throw align.Error($"{lineAlignment} is no power of two");
        }
        if (heap is not null)
        {
            return new StockLayout(played, specs, lineAlignment, heap, Banks(Member(root, "banks")));
        }
        PlacedJson bounce = Member(root, "bounce");
        return new PlanLayout(played, Member(root, "zones").Choice<ZoneLayout>(), Member(root, "pageMap").Choice<PageMapKind>(),
            specs, lineAlignment, Parts(root, streams), bounce.Type == JsonTokenType.Null ? 0 : Pages(bounce, TransferLimits.SlotSize));
    }

    /// <summary>A member that must exist. Other members may exist, too, because a plan contains more than is needed to boot.</summary>
    private static PlacedJson Member(PlacedJson of, string key) => of.Members.Find(member => member.Key == key)
        ?? throw of.Error($"there is no key \"{key}\"; expected what carveout plan --out writes");

    private static EmulatedBoard Board(PlacedJson board)
    {
        string word = Word(board);
        return EmulatedBoard.IsFile(word) || BoardCatalog.Names().Contains(word) ? EmulatedBoard.Of(word)
            : throw board.Error($"no board is called '{word}'; there are {string.Join(", ", BoardCatalog.Names())}");
    }

    private static int[] Banks(PlacedJson banks) => banks.Elements.Count is < 1 or > ManagedMemory.MaxBanks
        ? throw banks.Error($"expected 1 to {ManagedMemory.MaxBanks} banks, found {banks.Elements.Count}")
        : [.. banks.Elements.Select(bank => Pages(bank, MemoryMap.DefaultPageSize)).Zip(banks.Elements, (bytes, bank) =>
            bytes <= ManagedMemory.MaxBankSize ? (int)bytes : throw bank.Error($"{bytes} bytes, expected at most {ManagedMemory.MaxBankSize}"))];

    /// <summary>The reservations, each with the buffers of the streams that name it.</summary>
    private static PlanPart[] Parts(PlacedJson root, PlacedJson streams)
    {
        PlacedJson reservations = Member(root, "reservations");
        if (reservations.Elements.Count is < 1 or > MostParts)
        {
            throw reservations.Error($"expected 1 to {MostParts} reservations, found {reservations.Elements.Count}");
        }
        string[] names = [.. reservations.Elements.Select(one => Word(Member(one, "name")))];
        if (names.Distinct().Count() < names.Length)
        {
            throw reservations.Error("two reservations have one name");
        }
        int[][] buffers = [.. names.Select(_ => new int[streams.Elements.Count])];
        for (int i = 0; i < streams.Elements.Count; i++)
        {
            foreach (PlacedJson part in Member(streams.Elements[i], "parts").Elements)
            {
                PlacedJson name = Member(part, "reservation");
                int index = Array.IndexOf(names, Word(name));
                buffers[index >= 0 ? index : throw name.Error($"there is no reservation {name.Shown}")][i] +=
                    (int)Number(Member(part, "buffers"), 1, VideoBufferQueue.MaxBuffers);
            }
        }
        return
        [
            .. reservations.Elements.Select((one, i) => new PlanPart(names[i], Address(Member(one, "start")), Pages(one, MemoryMap.DefaultPageSize),
                buffers[i])),
        ];
    }

    private static StreamSpec Stream(PlacedJson of)
    {
        PlacedJson words = Member(of, "stream");
        string why = StreamSpec.TryParse(Word(words), out StreamSpec? spec);
        return spec ?? throw words.Error($"{words.Text}: {why}");
    }

    private static string Word(PlacedJson of) => of.Type == JsonTokenType.String && of.Text.Length <= LongestWord ? of.Text
        : throw of.Error($"expected a string of at most {LongestWord} characters, found {of.Shown}");

    private static long Number(PlacedJson of, long least, long most) =>
        of.Type == JsonTokenType.Number && long.TryParse(of.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            && number >= least && number <= most
            ? number
            : throw of.Error($"expected a whole number from {least} to {most}, found {of.Shown}");

    private static uint Address(PlacedJson of) =>
        Word(of) is ['0', 'x', .. var digits] && uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint address)
            ? address
            : throw of.Error($"expected an address as \"0x3fb1f000\", found {of.Shown}");

    private static long Pages(PlacedJson of, int unit)
    {
        PlacedJson bytes = Member(of, "bytes");
        long number = Number(bytes, unit, uint.MaxValue);
        return number % unit == 0 ? number : throw bytes.Error($"{number} is no multiple of {unit}");
    }
}
