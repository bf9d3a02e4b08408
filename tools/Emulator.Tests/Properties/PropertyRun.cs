using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Carveout.Emulator.Tests.Properties;

/// <summary>The random numbers of one random test, and its present step: everything that is needed to repeat a failure.</summary>
/// <remarks><c>CARVEOUT_SEED</c> (decimal, or hexadecimal with 0x) replaces the seed of every test, and <c>CARVEOUT_ITERATIONS</c>
/// multiplies their length.</remarks>
internal sealed class PropertyRun
{
    /// <summary>No test takes a tenth of this time.</summary>
    private const int SecondsToHang = 300;

    private readonly int _multiplier = TestSeed.Iterations;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private Exception? _failure;
    private object _operation = "set-up";
    private long _step;

    public PropertyRun(TestContext context, ulong seed)
    {
        Seed = TestSeed.Or(seed);
        Random = new SplitMix64(Seed);
        context.WriteLine($"seed {Seed}; to see it again: {TestSeed.Variable}={Seed} {TestSeed.IterationsVariable}={_multiplier}");
    }

    public ulong Seed { get; }

    public SplitMix64 Random { get; }

    /// <summary>How the test got here, if its steps do not say that; only a failure turns it into text.</summary>
    public object? Path { get; set; }

    /// <summary>Whether one more round of a reader's test is due: as many as <see cref="TestSeed.Steps"/>, or for as long as
    /// <c>CARVEOUT_SECONDS</c> says.</summary>
    public bool IsDue(int round, int count) => round < TestSeed.Steps(count) || _watch.Elapsed.TotalSeconds < TestSeed.Seconds;

    /// <summary>True with a probability of <paramref name="percent"/> in a hundred.</summary>
    public bool Chance(int percent) => Random.Below(100) < percent;

    /// <summary>A random one of several values.</summary>
    public T Choose<T>(IReadOnlyList<T> items) => items[Random.Below(items.Count)];

    /// <summary>Notes the next operation; only a failure turns it into text.</summary>
    public void Begin(object operation)
    {
        _operation = operation;
        _step++;
    }

    /// <param name="at">The page or similar number that it is about; negative for none.</param>
    public void Expect(bool condition, string what, long at = -1)
    {
        if (!condition)
        {
            Assert.Fail(Place(at < 0 ? what : $"{what} {at}"));
        }
    }

    /// <param name="at">The page or similar number that it is about; negative for none.</param>
    public void ExpectEqual(long expected, long actual, string what, long at = -1)
    {
        if (expected != actual)
        {
            Assert.Fail(Place($"{(at < 0 ? what : $"{what} {at}")}: expected {expected}, was {actual}"));
        }
    }

    /// <summary>Fails at the first number that differs.</summary>
    public void ExpectEqual(ReadOnlySpan<int> expected, ReadOnlySpan<int> actual, string what)
    {
        int at = expected.CommonPrefixLength(actual);
        if (at != expected.Length || at != actual.Length)
        {
            Assert.Fail(Place($"{what}: expected {string.Join(' ', expected.ToArray())}, was {string.Join(' ', actual.ToArray())}"));
        }
    }

    /// <summary>Runs a test's body, so that an exception of the tested code names seed, step and operation, too. So does a call that does
    /// not return: a map with broken chains may run in circles.</summary>
    public void Guard(Action body)
    {
        var thread = new Thread(() => Catch(body)) { IsBackground = true };
        thread.Start();
        if (!thread.Join(TimeSpan.FromSeconds(TestSeed.Seconds + Math.Min(SecondsToHang * (long)_multiplier, 1_000_000))))
        {
            Assert.Fail(Place("does not come back"));
        }
        if (_failure is UnitTestAssertException)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
        if (_failure != null)
        {
            throw new AssertFailedException(Place(_failure.ToString()), _failure);
        }
    }

    private void Catch(Action body)
    {
        try
        {
            body();
        }
        catch (Exception exception)
        {
            _failure = exception;
        }
    }

    private string Place(string what) => $"{what} [seed {Seed}, step {_step}, {_operation}]{Path}";
}
