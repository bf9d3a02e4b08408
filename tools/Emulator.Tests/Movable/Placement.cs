namespace Carveout.Emulator.Tests.Movable;

/// <summary>How a zone could keep what stays for ever out of the way of what can be moved.</summary>
internal enum Placement
{
    /// <summary>From opposite ends: what stays takes the lowest address that fits, what can be moved the highest.</summary>
    OppositeEnds,

    /// <summary>From opposite ends among the shortest that fit alone.</summary>
    OppositeEndsBestFit,

    /// <summary>In pageblocks: what stays goes where the fewest pageblocks get their first such block, what can be moved where the fewest have
    /// one.</summary>
    Pageblocks,
}
