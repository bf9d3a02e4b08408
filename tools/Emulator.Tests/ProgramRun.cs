using System.Diagnostics;

namespace Carveout.Emulator.Tests;

/// <summary>One run of another program: its exit code and its output, with \n at the ends of lines.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string Error)
{
    /// <summary>Longer than any program takes, so that one that hangs does not hang the tests.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs a program until it ends.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program.</exception>
    /// <exception cref="TimeoutException">It did not end, and was stopped.</exception>
    public static ProgramRun Of(string program, IEnumerable<string> arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} took more than {s_limit}");
        }
        return new ProgramRun(process.ExitCode, output.Result.ReplaceLineEndings("\n"), error.Result.ReplaceLineEndings("\n"));
    }
}
