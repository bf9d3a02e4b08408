using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Commands;

/// <summary>Faults as people order them: camera-stall, dma-error@90s, fail-alloc:2@1m.</summary>
internal static class FaultArgument
{
    /// <summary>What is expected, for messages.</summary>
    public const string Expected = "camera-stall, dma-error, lost-interrupt, late-consumer, unplug-camera, unplug-display or fail-alloc:N, "
        + "and @WHEN behind it if need be, in " + TimeArgument.Expected + " of the run";

    /// <summary>When a fault strikes that nobody gave a time.</summary>
    private const long StandardTime = 1_000_000;

    private static readonly Dictionary<string, FaultKind> s_kinds = new()
    {
        ["camera-stall"] = FaultKind.CameraStall,
        ["dma-error"] = FaultKind.DmaError,
        ["lost-interrupt"] = FaultKind.LostInterrupt,
        ["late-consumer"] = FaultKind.LateConsumer,
        ["unplug-camera"] = FaultKind.UnplugCamera,
        ["unplug-display"] = FaultKind.UnplugDisplay,
        ["fail-alloc"] = FaultKind.FailAlloc,
    };

    /// <summary>Reads an order. A failing allocation is one of the first start where nothing else is said.</summary>
    /// <returns>Null where it is none.</returns>
    public static FaultOrder? Parse(string word)
    {
        string text = word.ToLowerInvariant();
        string[] halves = text.Split('@'), parts = halves[0].Split(':');
        if (halves.Length > 2 || parts.Length > 2 || !s_kinds.TryGetValue(parts[0], out FaultKind kind)
            || (kind == FaultKind.FailAlloc) != (parts.Length == 2))
        {
            return null;
        }
        int number = 0;
        if (parts.Length == 2 && !(int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0))
        {
            return null;
        }
        long time = kind == FaultKind.FailAlloc ? 0 : StandardTime;
        return halves.Length == 1 || TimeArgument.TryParse(halves[1], out time) ? new FaultOrder(text, kind, number, time) : null;
    }
}
