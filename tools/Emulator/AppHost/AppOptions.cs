using Carveout.Emulator.Boards;

namespace Carveout.Emulator.AppHost;

/// <summary>What an emulated board does to the application.</summary>
/// <param name="Board">The board.</param>
/// <param name="Duration">Virtual microseconds after which the application is asked to stop.</param>
internal sealed record AppOptions(EmulatedBoard Board, long Duration)
{
    /// <summary>When the button is pressed, in microseconds.</summary>
    public IReadOnlyList<long> Buttons { get; init; } = [];

    /// <summary>What goes wrong.</summary>
    public IReadOnlyList<AppFaultOrder> Faults { get; init; } = [];

    /// <summary>Whether the application that leaks runs too.</summary>
    public bool HasLeak { get; init; } = true;

    /// <summary>Whether the trace is dumped at the end, too.</summary>
    public bool DumpsAtEnd { get; init; }

    /// <summary>Bytes that the firmware keeps from the runtime, at the beginning of what the board's map gives to zones; 0: stock
    /// firmware.</summary>
    public uint NativeSize { get; init; }
}
