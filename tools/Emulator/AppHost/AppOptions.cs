using Carveout.Emulator.Boards;

namespace Carveout.Emulator.AppHost;

/// <summary>The options of a run of the application on an emulated board.</summary>
/// <param name="Board">The board.</param>
/// <param name="Duration">Virtual microseconds after which the application is asked to stop.</param>
internal sealed record AppOptions(EmulatedBoard Board, long Duration)
{
    /// <summary>When the button is pressed, in virtual microseconds.</summary>
    public IReadOnlyList<long> Buttons { get; init; } = [];

    /// <summary>The faults to come.</summary>
    public IReadOnlyList<AppFaultOrder> Faults { get; init; } = [];

    /// <summary>Whether the application with a leak runs, too.</summary>
    public bool HasLeak { get; init; } = true;

    /// <summary>Whether the trace is also dumped at the end.</summary>
    public bool DumpsAtEnd { get; init; }

    /// <summary>Bytes that the firmware keeps from the runtime, at the beginning of the zones' memory in the board's map; 0 for stock
    /// firmware.</summary>
    public uint NativeSize { get; init; }
}
