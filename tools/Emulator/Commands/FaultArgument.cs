using System.CommandLine.Parsing;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Commands;

/// <summary>Faults as people order them: camera-stall, dma-error@90s, fail-alloc:2@1m.</summary>
internal static class FaultArgument
{
    /// <summary>What is expected of <c>play</c>, for messages.</summary>
    public const string Expected = "camera-stall, dma-error, lost-interrupt, late-consumer, unplug-camera, unplug-display or fail-alloc:N" + When;

    /// <summary>What can follow the kind, for messages.</summary>
    public const string When = ", and @WHEN behind it if need be, in " + TimeArgument.Expected + " of the run";

    /// <summary>When a fault strikes that nobody gave a time.</summary>
    public const long StandardTime = 1_000_000;

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

    /// <summary>What <c>app</c> called them before.</summary>
    private static readonly Dictionary<string, string> s_former = new()
    {
        ["camera-stops"] = "unplug-camera",
        ["display-fails"] = "unplug-display",
    };

    /// <summary>A parser for options that take faults, as often as wanted.</summary>
    /// <param name="parse">Reads one; null where it is none.</param>
    /// <param name="expected">For messages.</param>
    public static Func<ArgumentResult, T[]> ParseAll<T>(Func<string, T?> parse, string expected)
        where T : class => result =>
    {
        var faults = new List<T>();
        foreach (Token token in result.Tokens)
        {
            if (parse(token.Value) is { } fault)
            {
                faults.Add(fault);
                continue;
            }
            string[] halves = token.Value.ToLowerInvariant().Split('@', 2);
            result.AddError($"--fault {token.Value}: expected "
                + (s_former.TryGetValue(halves[0], out string? now) ? string.Join('@', [now, .. halves[1..]]) : expected));
        }
        return [.. faults];
    };

    /// <summary>Reads an order for <c>play</c>. A failing allocation is one of the first start where nothing else is said.</summary>
    /// <returns>Null where it is none.</returns>
    public static FaultOrder? Parse(string word)
    {
        if (!TrySplit(word, out string kindName, out string? numberText, out long? time) || !s_kinds.TryGetValue(kindName, out FaultKind kind)
            || (kind == FaultKind.FailAlloc) != (numberText is not null))
        {
            return null;
        }
        int number = 0;
        if (numberText is not null && !(int.TryParse(numberText, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0))
        {
            return null;
        }
        return new FaultOrder(word.ToLowerInvariant(), kind, number, time ?? (kind == FaultKind.FailAlloc ? 0 : StandardTime));
    }

    /// <summary>Takes KIND:NUMBER@WHEN apart.</summary>
    /// <param name="word">The order.</param>
    /// <param name="kind">Its kind, in lower case.</param>
    /// <param name="number">What stands behind a colon; null: nothing does.</param>
    /// <param name="time">Virtual microseconds; null: none is given.</param>
    /// <returns>Whether it has that form.</returns>
    public static bool TrySplit(string word, out string kind, out string? number, out long? time)
    {
        string[] halves = word.ToLowerInvariant().Split('@'), parts = halves[0].Split(':');
        kind = parts[0];
        number = parts.Length == 2 ? parts[1] : null;
        time = null;
        if (halves.Length == 2 && TimeArgument.TryParse(halves[1], out long given))
        {
            time = given;
        }
        return parts.Length <= 2 && halves.Length <= 2 && (time is not null || halves.Length == 1);
    }
}
