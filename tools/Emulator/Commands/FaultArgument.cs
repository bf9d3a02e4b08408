using System.CommandLine.Parsing;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Commands;

/// <summary>Reads faults from the command line: camera-stall, dma-error@90s, fail-alloc:2@1m.</summary>
internal static class FaultArgument
{
    /// <summary>The expected words of <c>play</c>, for messages.</summary>
    public const string Expected = "camera-stall, dma-error, lost-interrupt, late-consumer, unplug-camera, unplug-display or fail-alloc:N" + When;

    /// <summary>The time that may follow a fault, for messages.</summary>
    public const string When = ", and @WHEN behind it if need be, in " + TimeArgument.Expected + " of the run";

    /// <summary>The default time of a fault, in microseconds.</summary>
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

    /// <summary>The former words of <c>app</c>.</summary>
    private static readonly Dictionary<string, string> s_former = new()
    {
        ["camera-stops"] = "unplug-camera",
        ["display-fails"] = "unplug-display",
    };

    /// <summary>Makes a parser for options with any number of faults.</summary>
    /// <param name="parse">Reads one fault; null if the word is not a fault.</param>
    /// <param name="expected">The expected words, for messages.</param>
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

    /// <summary>Reads a fault for <c>play</c>. By default, a failing allocation belongs to the first start.</summary>
    /// <returns>Null if the word is not a fault.</returns>
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

    /// <summary>Splits KIND:NUMBER@WHEN.</summary>
    /// <param name="word">The fault as it was typed.</param>
    /// <param name="kind">Its kind, in lower case.</param>
    /// <param name="number">The text behind the colon; null if there is no colon.</param>
    /// <param name="time">Virtual microseconds; null if there is no time.</param>
    /// <returns>Whether the word has this form.</returns>
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
