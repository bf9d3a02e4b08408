namespace Carveout.Emulator.Tests;

/// <summary>What a run takes from the managed heap.</summary>
internal static class ManagedHeap
{
    private const int Tries = 5;

    /// <summary>The least that a run takes, in bytes, of up to five that do the same.</summary>
    /// <remarks>What our code takes it takes each time. Beside it the runtime counts a few kilobytes now and then: what it takes when a method is
    /// compiled, or what is left of this thread's allocation context, up to 8 KB, when another thread causes a collection.</remarks>
    /// <param name="prepare">Makes what the run works on; what that takes does not count.</param>
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

    /// <summary>The same for a run that goes on where the one before ended.</summary>
    public static long LeastTaken(Action run) => LeastTaken(() => run);
}
