using System.Globalization;
using Carveout.Diagnostics;

namespace Carveout.Emulator.Scenario;

/// <summary>The log that an engineer would have who dumps /proc/buddyinfo whenever the movie is about to begin again.</summary>
internal sealed class BuddyInfoLog : IRunObserver, IDisposable
{
    private readonly StreamWriter _file;

    private BuddyInfoLog(StreamWriter file)
    {
        _file = file;
    }

    /// <summary>Creates the file, and replaces an existing one.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="option">The option that named it.</param>
    /// <exception cref="UsageException">It cannot be created.</exception>
    public static BuddyInfoLog Open(string path, string option)
    {
        try
        {
            return new BuddyInfoLog(new StreamWriter(path) { NewLine = "\n" });
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw FileFault.OfOutput(path, e, option);
        }
    }

    /// <inheritdoc/>
    public void OnRequest(PlayRun run)
    {
        foreach (string line in ProcText.BuddyInfo(run.Allocator).TrimEnd('\n').Split('\n'))
        {
            _file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{run.Seconds,12:0.000000}] {line}"));
        }
    }

    /// <inheritdoc/>
    public void OnFailure(PlayRun run)
    {
        // The failed request is in the run's own report; the kernel does not print buddyinfo by itself.
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
