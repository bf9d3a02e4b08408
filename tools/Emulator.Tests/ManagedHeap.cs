namespace Carveout.Emulator.Tests;

/// <summary>What a run allocates from the managed heap.</summary>
internal static class ManagedHeap
{
    private const int Tries = 5;

    /// <summary>The least bytes that a run allocates, of up to five equal runs.</summary>
    /// <remarks>Our code allocates the same in each run. Beside it the runtime counts a few kilobytes now and then: when it compiles a
    /// method, or when another thread causes a collection and up to 8 KB are left in this thread's allocation context.</remarks>
    /// <param name="prepare">Makes what the run works on; what that allocates does not count.</param>
    public static long LeastTaken(Func<Action> prepare)
    {
        long least = long.MaxValue;
        for (int i = 0; i < Tries && least != 0; i++)
        {
            Action run = prepare();
            long before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }

    /// <summary>The same for a run that continues where the last one ended.</summary>
    public static long LeastTaken(Action run) => LeastTaken(() => run);
}
