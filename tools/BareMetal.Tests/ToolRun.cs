using System.Diagnostics;

namespace Carveout.BareMetal.Tests;

/// <summary>The result of a command.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a command until it ends. A machine that does not stop is stopped, which counts as a failure.</summary>
    public static ToolRun Start(string command, string arguments, TimeSpan limit)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = Locations.BareMetal,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // No process but the compiler server, which every build has, may outlive the test, messages are expected in English, and a sound chip needs no
        // sound card. What the runtime would learn of MSBuild first costs more than it gives.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "true";
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["QEMU_AUDIO_DRV"] = "none";

        using var process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{command} {arguments} took more than {limit}; it wrote:\n{output.Result}{error.Result}");
        }
        return new ToolRun(process.ExitCode, output.Result, error.Result);
    }
}
