using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Carveout.Emulator.Investigation;

/// <summary>Does independent runs on all cores: each core takes the next run when it is done with one.</summary>
internal static class ParallelRuns
{
    /// <summary>Does all runs.</summary>
    /// <returns>The result of each run, in order.</returns>
    /// <param name="count">How many runs there are.</param>
    /// <param name="run">Does a run. It gets the run's number, and a call for the share of the run that is done.</param>
    /// <param name="progress">Receives the share of all runs that is done, 0 to 1, from one thread at a time.</param>
    /// <param name="cancel">Ends the runs with an OperationCanceledException.</param>
    /// <param name="isTold">Which exceptions of a run are meant for the caller; one of them is thrown unchanged.</param>
    public static T[] Of<T>(int count, Func<int, Action<double>, T> run, Action<double> progress, Predicate<Exception> isTold,
        CancellationToken cancel)
    {
        var found = new T[count];
        double[] shares = new double[count];
        var reporting = new Lock();
        try
        {
            var cores = new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount };
            // Parallel.For hands out ranges, which grow: at the end one core would have some, and the others nothing to do.
            Parallel.ForEach(Partitioner.Create(Enumerable.Range(0, count), EnumerablePartitionerOptions.NoBuffering), cores, i =>
            {
                // The loop itself hears of a cancellation only after the canceller's other listeners.
                cancel.ThrowIfCancellationRequested();
                found[i] = run(i, share => Report(i, share));
                Report(i, 1);
            });
        }
        catch (AggregateException e) when (e.InnerExceptions.FirstOrDefault(inner => isTold(inner)) is { } told)
        {
            ExceptionDispatchInfo.Throw(told);
        }
        return found;

        void Report(int i, double share)
        {
            lock (reporting)
            {
                shares[i] = share;
                progress(shares.Average());
            }
        }
    }
}
