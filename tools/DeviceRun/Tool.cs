using System.ComponentModel;
using System.Diagnostics;

namespace Carveout.DeviceRun;

/// <summary>One of nanoFramework's programs on the user's computer.</summary>
/// <param name="Path">An executable, or a .dll for dotnet.</param>
internal sealed record Tool(string Path)
{
    private bool IsManaged => System.IO.Path.GetExtension(Path).Equals(".dll", StringComparison.OrdinalIgnoreCase);

    /// <summary>Finds it at the user's path, or on the PATH by one of its names.</summary>
    /// <exception cref="DeviceRunException">It is not there; the message contains <paramref name="help"/>.</exception>
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

    /// <summary>Runs it until it ends, or until the time is over.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="limit">The longest run.</param>
    /// <param name="line">Receives each line of both streams.</param>
    /// <returns>The exit code; null if it had to be stopped.</returns>
    public int? Run(IEnumerable<string> arguments, TimeSpan limit, Action<string> line)
    {
        var start = new ProcessStartInfo(IsManaged ? "dotnet" : Path, IsManaged ? [Path, .. arguments] : arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var gate = new object();
        using var process = new Process { StartInfo = start };
        // nanoFramework's lines end with \r\n on every system.
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
            // Wait again without a limit, because only that waits for the last lines.
            process.WaitForExit();
            return process.ExitCode;
        }
        finally
        {
            Console.CancelKeyPress -= stop;
        }
    }
}
