using System.ComponentModel;
using System.Diagnostics;

namespace Carveout.DeviceRun;

/// <summary>One of nanoFramework's programs, which the user has.</summary>
/// <param name="Path">An executable, or a .dll that dotnet runs.</param>
internal sealed record Tool(string Path)
{
    private bool IsManaged => System.IO.Path.GetExtension(Path).Equals(".dll", StringComparison.OrdinalIgnoreCase);

    /// <summary>Finds it where the user says, or on the PATH by one of its names.</summary>
    /// <exception cref="DeviceRunException">It is not there; <paramref name="help"/> is part of the message.</exception>
    public static Tool Find(string? path, string[] names, string help)
    {
        if (path != null)
        {
            return File.Exists(path) ? new Tool(System.IO.Path.GetFullPath(path)) : throw new DeviceRunException($"{path}: there is no such file. {help}");
        }
        string[] endings = OperatingSystem.IsWindows() ? [".exe", ".cmd"] : [""];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
            .SelectMany(folder => names.SelectMany(name => endings.Select(ending => System.IO.Path.Combine(folder, name + ending))))
            .Where(File.Exists).Select(found => new Tool(found)).FirstOrDefault()
            ?? throw new DeviceRunException($"{names[0]} is not on the PATH. {help}");
    }

    /// <summary>Runs it to its end, or to the end of the time.</summary>
    /// <param name="arguments">What it is called with.</param>
    /// <param name="limit">How long it may run.</param>
    /// <param name="line">Gets each line of either stream, as it comes.</param>
    /// <returns>The exit code; null where it had to be stopped.</returns>
    public int? Run(IEnumerable<string> arguments, TimeSpan limit, Action<string> line)
    {
        var start = new ProcessStartInfo(IsManaged ? "dotnet" : Path, IsManaged ? [Path, .. arguments] : arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var gate = new object();
        using var process = new Process { StartInfo = start };
        // nanoFramework's lines end with \r\n, wherever it runs.
        DataReceivedEventHandler received = (_, args) =>
        {
            lock (gate)
            {
                if (args.Data is string text)
                {
                    line(text.TrimEnd('\r'));
                }
            }
        };
        process.OutputDataReceived += received;
        process.ErrorDataReceived += received;
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            throw new DeviceRunException($"{Path} cannot be run: {e.Message}");
        }
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        ConsoleCancelEventHandler stop = (_, _) => process.Kill(entireProcessTree: true);
        Console.CancelKeyPress += stop;
        try
        {
            if (!process.WaitForExit(limit))
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
                return null;
            }
            // Again without a limit: only this waits for the last lines.
            process.WaitForExit();
            return process.ExitCode;
        }
        finally
        {
            Console.CancelKeyPress -= stop;
        }
    }
}
