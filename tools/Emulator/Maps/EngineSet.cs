namespace Carveout.Emulator.Maps;

/// <summary>Lists the engines of a set.</summary>
internal static class EngineSet
{
    /// <summary>The names of the engines in a set.</summary>
    public static IEnumerable<string> Names(DmaEngines engines) =>
        Enum.GetValues<DmaEngines>().Where(one => one != DmaEngines.None && engines.HasFlag(one)).Select(one => one.ToString());
}
