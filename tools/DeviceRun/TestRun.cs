using System.Globalization;

namespace Carveout.DeviceRun;

/// <summary>Reads the lines of a launcher's run, and compares them with what was expected.</summary>
internal sealed class TestRun(ExpectedTests expected)
{
    private const string Passed = "Test passed,", Failed = "Test failed,", Skipped = "Test skipped,";
    private const int ToldLines = 15, ToldTests = 10;

    private readonly Dictionary<string, int> _seen = [];
    private readonly List<(string Test, string Message)> _failures = [];
    private readonly List<string> _others = [];
    private int _passed, _skipped;
    private string _last = "";

    /// <summary>Reads a line of the console.</summary>
    public void Read(string line)
    {
        foreach (string kind in (string[])[Passed, Failed, Skipped])
        {
            if (line.StartsWith(kind, StringComparison.Ordinal))
            {
                // NAMESPACE.CLASS.METHOD.INDEX, and then the time or the message, which may contain commas itself.
                string[] parts = line[kind.Length..].Split(',', 2);
                Take(kind, parts[0], parts.Length > 1 ? parts[1] : "");
                return;
            }
        }
        // This continues a message of several lines.
        _others.Add(line);
    }

    /// <summary>Prints the result as dotnet test does.</summary>
    /// <param name="name">The test project.</param>
    /// <param name="exitCode">The runtime's exit code; null if it was stopped.</param>
    /// <param name="time">The duration of the run.</param>
    /// <param name="output">Receives the text.</param>
    /// <returns>Whether everything ran and passed.</returns>
    public bool Report(string name, int? exitCode, TimeSpan time, TextWriter output)
    {
        foreach ((string test, string message) in _failures)
        {
            output.WriteLine($"  Failed {test}\n  Error Message:\n   {message}");
        }
        string[] missing = [.. expected.Runs.Where(r => _seen.GetValueOrDefault(r.Key) < r.Value).Select(r => r.Key)];
        int never = expected.Runs.Sum(r => Math.Max(0, r.Value - _seen.GetValueOrDefault(r.Key)));
        if (never > 0)
        {
            int classes = missing.Select(ExpectedTests.ClassOf).Distinct().Count();
            output.WriteLine($"  {never} of {expected.Count} tests never ran, in {classes} of {expected.Classes} classes. The run ended "
                + (_last.Length == 0 ? "before the first of them" : "after " + _last) + Ending(exitCode));
            foreach (string method in missing.Take(ToldTests))
            {
                output.WriteLine("    " + method);
            }
            if (missing.Length > ToldTests)
            {
                output.WriteLine($"    … and {missing.Length - ToldTests} more methods");
            }
            foreach (string line in _others.Where(l => l.Trim().Length > 0).TakeLast(ToldLines))
            {
                output.WriteLine("  | " + line);
            }
        }
        else if (exitCode != 0)
        {
            output.WriteLine("  All tests ran, and then the run ended" + Ending(exitCode));
        }
        bool good = never == 0 && _failures.Count == 0 && exitCode == 0 && expected.Count > 0;
        if (expected.Count == 0)
        {
            output.WriteLine("  There is no test in it");
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(good ? "Passed!" : "Failed!")}  - Failed: {_failures.Count,5}, Passed: "
            + $"{_passed,5}, Skipped: {_skipped,5}, Never ran: {never,5}, Total: {expected.Count,5}, Duration: {time.TotalSeconds:0.0} s - {name}"));
        return good;
    }

    private static string Ending(int? exitCode) => exitCode switch
    {
        null => ": it was stopped at the end of its time.",
        0 => ", with exit code 0: the launcher or the runtime stopped there.",
        134 or 139 or -1073741819 => $", with exit code {exitCode}: the runtime crashed.",
        _ => $", with exit code {exitCode}.",
    };

    private void Take(string kind, string test, string message)
    {
        int index = test.LastIndexOf('.');
        string method = index < 0 ? test : test[..index];
        _last = test;
        bool isFrame = expected.IsFrame(method);
        if (!isFrame)
        {
            _seen[method] = _seen.GetValueOrDefault(method) + 1;
        }
        if (kind == Failed)
        {
            _failures.Add((test, message));
        }
        else if (kind == Skipped && !isFrame)
        {
            _skipped++;
        }
        else if (kind == Skipped)
        {
            SkipClass(ExpectedTests.ClassOf(method));
        }
        else if (!isFrame)
        {
            _passed++;
        }
    }

    /// <summary>If a setup is skipped, its class is skipped: its tests are not expected to run.</summary>
    private void SkipClass(string name)
    {
        foreach ((string method, int runs) in expected.Runs.Where(r => ExpectedTests.ClassOf(r.Key) == name))
        {
            _seen[method] = runs;
            _skipped += runs;
        }
    }
}
