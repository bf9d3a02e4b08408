namespace Carveout.Emulator.Maps;

/// <summary>Sets of DMA engines, one by one.</summary>
internal static class EngineSet
{
    /// <summary>The names of the engines in a set; none for the empty one.</summary>
    public static IEnumerable<string> Names(DmaEngines engines) =>
        Enum.GetValues<DmaEngines>().Where(one => one != DmaEngines.None && engines.HasFlag(one)).Select(one => one.ToString());
}
