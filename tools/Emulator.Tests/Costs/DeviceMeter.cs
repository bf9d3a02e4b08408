using Carveout.HeapBudget;
using Carveout.IlCounter;

namespace Carveout.Emulator.Tests.Costs;

/// <summary>The device's libraries in a meter: all of them, since each calls those below it.</summary>
internal static class DeviceMeter
{
    [ThreadStatic]
    private static IlMeter? s_own;

    /// <summary>The meter of this thread: to instrument and to compile the libraries costs more than most tests, and counts are read as
    /// differences.</summary>
    public static IlMeter Load() => s_own ??= LoadWith();

    /// <summary>A meter with further files in it.</summary>
    public static IlMeter LoadWith(params string[] others) => IlMeter.Load([.. DeviceLibraries.All.Select(library => library.Location), .. others]);

    /// <summary>An allocator over a map's own zones.</summary>
    /// <param name="meter">The meter, whose types are used.</param>
    /// <param name="map">A map from inside the meter.</param>
    /// <param name="memory">The memory behind it, or null.</param>
    /// <param name="pagesLock">The lock by which threads share it, or null.</param>
    public static object Boot(IlMeter meter, object map, object? memory = null, object? pagesLock = null) =>
        meter.FindType(typeof(PageAllocator).FullName!).GetMethods()
            .Single(method => method.Name == nameof(PageAllocator.Boot) && method.GetParameters().Length == 3).Invoke(null, [map, memory, pagesLock])!;
}
