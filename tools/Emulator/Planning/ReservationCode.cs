using System.Text;
using Carveout.Emulator.Boards;
using Carveout.Video;

namespace Carveout.Emulator.Planning;

/// <summary>A plan as a file for Board/Boards: the map with the reservations, and where each stream's buffers lie in it.</summary>
/// <remarks>Nothing but Board's own API and constants, so that the file compiles where the shipped boards do.</remarks>
internal static class ReservationCode
{
    /// <summary>The file's text.</summary>
    public static string Of(Plan plan)
    {
        PlanLayout layout = plan.Layout;
        var text = new StringBuilder();
        text.Append("namespace Carveout.Board.Boards\n{\n");
        text.Append(Invariant($"    /// <summary>{layout.Board} with {layout.ReservationBytes} bytes for {string.Join(", ", layout.Streams)}.</summary>\n"));
        text.Append($"    public static class {ClassName(layout.Board.Name)}\n    {{\n");
        for (int i = 0; i < layout.Streams.Count; i++)
        {
            int number = 0;
            foreach ((PlannedPart part, VideoStream stream) in plan.Of(i))
            {
                string name = $"Stream{i + 1}" + (++number == 1 ? "" : $"Part{number}");
                text.Append($"        /// <summary>{stream.Format} in {part.Layout.Name}: a ReservedPool of these three numbers.</summary>\n");
                text.Append($"        public const uint {name}Start = {HexText.Of(stream.Start)};\n\n");
                text.Append("        /// <summary>Bytes from one buffer to the next, and how many there are.</summary>\n");
                text.Append(Invariant($"        public const int {name}BufferSize = {stream.BufferBytes}, {name}Buffers = {stream.Buffers};\n\n"));
            }
        }
        if (plan.Board.Bounce is { } bounce)
        {
            text.Append("        /// <summary>BounceBuffers of these three numbers: the engine does not reach the frames.</summary>\n");
            text.Append($"        public const uint BounceStart = {HexText.Of(bounce.Start)};\n\n");
            text.Append("        /// <summary>Bytes of a slot, and how many there are.</summary>\n");
            text.Append(Invariant($"        public const int BounceSlotSize = {TransferLimits.SlotSize}, "));
            text.Append(Invariant($"BounceSlots = {bounce.Size / TransferLimits.SlotSize};\n\n"));
        }
        text.Append("        /// <summary>The board's map, with what the streams need reserved.</summary>\n");
        text.Append("        public static MemoryMap Create()\n        {\n");
        text.Append($"            MemoryMap map = {Factory(layout.Board)}ZoneLayout.{layout.Zones}, PageMapKind.{layout.Map}, ");
        PlanPart? pool = layout.Parts.FirstOrDefault(part => PlannedBoard.IsPool(layout.Board, part));
        text.Append(Invariant($"{pool?.Bytes ?? 0});\n"));
        if (plan.Board.Bounce is { } reserved)
        {
            text.Append("            // The zone that they lie at the end of gives way.\n");
            text.Append($"            map.Reserve(\"{reserved.Name}\", BounceStart, BounceSlotSize * BounceSlots);\n");
        }
        foreach (PlanPart part in layout.Parts.Where(part => part != pool))
        {
            text.Append(Invariant($"            map.Reserve(\"{part.Name}\", {HexText.Of(part.Start)}, {part.Bytes});\n"));
        }
        return text.Append("            return map;\n        }\n    }\n}\n").ToString();
    }

    /// <summary>The application's part: memory that firmware keeps from the runtime, and a pool of frames in it for each stream.</summary>
    public static string BootOf(Plan plan)
    {
        string map = $"Carveout.Board.Boards.{ClassName(plan.Layout.Board.Name)}.Create()";
        IReadOnlyList<PlannedRegion> regions = PlannedRegion.Of(plan);
        var text = new StringBuilder();
        text.Append("/// <summary>The pools of the plan, in the application.</summary>\n");
        text.Append($"public static class {Identifier(plan.Layout.Board.Name)}Boot\n{{\n");
        text.Append("    public static Carveout.CarveoutMemory Memory;\n");
        for (int i = 0; i < plan.Layout.Streams.Count; i++)
        {
            text.Append(Invariant($"    public static Carveout.FramePool Stream{i + 1};\n"));
        }
        if (regions is [{ } only] && only.Region.Contains(only.Start, (uint)only.Bytes))
        {
            text.Append("\n    /// <summary>The first statement of Main, with NativeRegion.Open().</summary>\n");
            text.Append("    public static void Reserve(Carveout.Board.ReservedMemory native)\n    {\n");
            text.Append($"        Memory = Carveout.CarveoutMemory.Reserve({map}, native);\n");
        }
        else
        {
            string opened = string.Join(", ", regions.Select((_, i) => Invariant($"NativeRegion.Open({i})")));
            text.Append($"\n    /// <summary>The first statement of Main, with new ReservedMemory[] {{ {opened} }}.</summary>\n");
            text.Append("    public static void Reserve(Carveout.Board.ReservedMemory[] native)\n    {\n");
            text.Append("        // Bytes of each region for frames, then of each pool how many frames lie in each region that has some.\n");
            text.Append($"        Memory = Carveout.FrameRegions.Reserve({map}, native, {Array(regions.Select(region => region.FrameBytes))},\n");
            text.Append($"            {Array(plan.Layout.Streams.SelectMany((_, i) => regions.Where(region => region.FrameBytes > 0).Select(region => (long)region.Buffers[i])))});\n");
        }
        for (int i = 0; i < plan.Layout.Streams.Count; i++)
        {
            StreamSpec stream = plan.Layout.Streams[i];
            string format = StockCode.Format(stream.Format(plan.Layout.LineAlignment), "Carveout.Video.");
            text.Append(Invariant($"        Stream{i + 1} = Memory.CreatePool({format}, {stream.Buffers}, \"{PlannedBoard.NameOf(i)}\");\n"));
        }
        return text.Append("    }\n}\n").ToString();
    }

    private static string Array(IEnumerable<long> numbers) => $"new[] {{ {string.Join(", ", numbers)} }}";

    /// <summary>The class of a board's plan: its name without what no name may have.</summary>
    public static string ClassName(string board) => Identifier(board) + "Plan";

    /// <summary>A board's name without what no name of C# may have.</summary>
    public static string Identifier(string board)
    {
        string name = string.Concat(new string([.. board.Select(c => char.IsAsciiLetterOrDigit(c) ? c : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        return name.Length > 0 && char.IsAsciiLetter(name[0]) ? name : "Board" + name;
    }

    /// <summary>The catalog knows shipped boards; the class of another is what <c>map --csharp</c> prints.</summary>
    private static string Factory(EmulatedBoard board) =>
        board.IsShipped ? $"BoardCatalog.Create(\"{board.Name}\", " : $"{Identifier(board.Name)}.Create(";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
