using System.Runtime.ExceptionServices;

namespace Carveout.Emulator.Investigation;

/// <summary>Runs that have nothing to do with each other, on all cores.</summary>
internal static class ParallelRuns
{
    /// <summary>Does them all.</summary>
    /// <returns>What each one found, in their order.</returns>
    /// <param name="count">How many there are.</param>
    /// <param name="run">One of them: its number, and whom to tell the share of it that is done.</param>
    /// <param name="progress">Told the share of all that is done, 0 to 1, by one thread at a time.</param>
    /// <param name="cancel">Ends it with an OperationCanceledException.</param>
    /// <param name="isTold">The exceptions of a run that are meant for the caller; one of them is thrown as it is.</param>
    public static T[] Of<T>(int count, Func<int, Action<double>, T> run, Action<double> progress, Predicate<Exception> isTold,
        CancellationToken cancel)
    {
        var found = new T[count];
        double[] shares = new double[count];
        var reporting = new Lock();
        try
        {
            var cores = new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount };
            Parallel.For(0, count, cores, i =>
            {
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
