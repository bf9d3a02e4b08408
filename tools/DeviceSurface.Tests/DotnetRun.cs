using System.Diagnostics;

namespace Carveout.DeviceSurface.Tests;

/// <summary>The result of the dotnet command.</summary>
internal sealed record DotnetRun(int ExitCode, string Output)
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs it until it ends, and collects both output streams.</summary>
    public static DotnetRun Start(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Locations.Dotnet, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // No process but the compiler server, which every build has, may outlive the test, and messages are expected in English. What the runtime
        // would learn of a program first costs these more than it gives them.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "true";
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(_limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"dotnet {string.Join(' ', arguments)} took more than {_limit}");
        }

        return new DotnetRun(process.ExitCode, output.Result + error.Result);
    }
}
