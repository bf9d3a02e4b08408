using System.Diagnostics;

namespace Carveout.Emulator.Tests.Face;

/// <summary>One run of examples/Sample, as a process of its own: its exit code and what it printed.</summary>
internal sealed record SampleRun(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs it to its end.</summary>
    /// <param name="variables">Environment variables that it gets.</param>
    public static SampleRun Of(params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Sample.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"the sample took more than {s_limit}");
        }
        return new SampleRun(process.ExitCode, output.Result.ReplaceLineEndings("\n"), error.Result);
    }
}
