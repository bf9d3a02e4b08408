using System.Text;
using Carveout.Video;

namespace Carveout.Emulator.Planning;

/// <summary>A plan for a managed heap as a class of the application: the banks, the pools of frames, the pools of buffers, the floor.</summary>
internal static class StockCode
{
    /// <summary>The file's text.</summary>
    public static string Of(StockPlan plan)
    {
        StockLayout layout = plan.Layout;
        bool hasFrames = layout.Banks.Length > 0;
        var text = new StringBuilder();
        text.Append(hasFrames ? "using Carveout;\n" : "").Append(plan.Needs.Buffers.Count > 0 ? "using Carveout.Buffers;\n" : "");
        text.Append(hasFrames ? "using Carveout.Video;\n" : "").Append('\n');
        text.Append(Invariant($"/// <summary>Planned for a managed heap of {layout.Heap.Bytes} bytes, of which {plan.Leave} stay with the application.</summary>\n"));
        text.Append($"public static class {ReservationCode.ClassName(layout.Board.Name)}\n{{\n");
        text.Append(hasFrames ? "    public static CarveoutMemory Memory;\n" : "");
        for (int i = 0; i < plan.Streams.Count; i++)
        {
            text.Append(Invariant($"    public static FramePool Stream{i + 1};\n"));
        }
        foreach (BufferSpec buffer in plan.Needs.Buffers)
        {
            text.Append($"    public static BufferPool {Field(buffer)};\n");
        }
        text.Append("\n    /// <summary>The first statement of Main, before anything else takes memory.</summary>\n");
        text.Append("    public static void Reserve()\n    {\n");
        if (hasFrames)
        {
            text.Append("        // Beside the banks there must be room for the pools below and for the application.\n");
            text.Append(Invariant($"        Memory = FrameBanks.Reserve(new[] {{ {string.Join(", ", layout.Banks)} }}, {plan.Leave + plan.BufferBytes});\n"));
        }
        for (int i = 0; i < plan.Streams.Count; i++)
        {
            StockStream stream = plan.Streams[i];
            text.Append(Invariant($"        // {Places(plan, stream)}.\n"));
            text.Append(Invariant($"        Stream{i + 1} = Memory.CreatePool({Format(stream.Format)}, {stream.Spec.Buffers}, \"{PlannedBoard.NameOf(i)}\");\n"));
        }
        foreach (BufferSpec buffer in plan.Needs.Buffers)
        {
            text.Append(Invariant($"        {Field(buffer)} = new BufferPool(\"{buffer.Name}\", {buffer.Size}, {buffer.Count});\n"));
        }
        return text.Append("    }\n}\n").ToString();
    }

    /// <summary>Where a stream's frames lie: "2 in bank0 from 0x10000000, 1 in bank1 from 0x10100000".</summary>
    public static string Places(StockPlan plan, StockStream stream) => stream.Frames.Count == 0 ? "nowhere" : string.Join(", ", plan.Banks
        .Select(bank => (bank.Name, Frames: stream.Frames.Where(frame => frame - bank.Start < (uint)bank.Bytes).ToArray()))
        .Where(part => part.Frames.Length > 0)
        .Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Frames.Length} in {part.Name} from {HexText.Of(part.Frames[0])}")));

    private static string Field(BufferSpec buffer) => $"{char.ToUpperInvariant(buffer.Name[0])}{buffer.Name[1..]}Buffers";

    /// <summary>A format as C# makes it.</summary>
    /// <param name="format">The format.</param>
    /// <param name="scope">Before each name, where the file has no using.</param>
    public static string Format(VideoFormat format, string scope = "")
    {
        if (format.PixelFormat == PixelFormat.JPEG && !format.IsEstimate)
        {
            return Invariant($"{scope}VideoFormat.Compressed({format.Width}, {format.Height}, {format.SizeImage})");
        }
        string name = VideoFormat.NameOf(format.PixelFormat);
        var plain = new VideoFormat(format.Width, format.Height, format.PixelFormat);
        return Invariant($"new {scope}VideoFormat({format.Width}, {format.Height}, {scope}PixelFormat.{name}")
            + (plain.BytesPerLine == format.BytesPerLine ? ")" : Invariant($", {format.BytesPerLine})"));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
