using Carveout.HeapBudget;
using Carveout.IlCounter;

namespace Carveout.Emulator.Tests.Costs;

/// <summary>The device's libraries in a meter: all of them, since each calls those below it.</summary>
internal static class DeviceMeter
{
    /// <param name="others">Files to instrument beside them.</param>
    public static IlMeter Load(params string[] others) => IlMeter.Load([.. DeviceLibraries.All.Select(library => library.Location), .. others]);
}
