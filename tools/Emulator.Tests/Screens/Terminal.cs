using System.ComponentModel;
using System.Diagnostics;
using Carveout.Emulator.Commands;

namespace Carveout.Emulator.Tests.Screens;

/// <summary>A terminal of 80 columns and 24 lines in tmux, in a folder where commands find the examples and leave their output.</summary>
internal sealed class Terminal : IDisposable
{
    /// <summary>What stands before the exit code.</summary>
    public const string Exit = "[exit ";

    private const string Ended = "ended";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("carveout-");
    private int _runs;

    /// <summary>Opens the terminal; ends the test if there is no tmux.</summary>
    public Terminal()
    {
        Directory.CreateSymbolicLink(PathOf("examples"), Path.Combine(Checkout.Folder, "examples"));
        File.WriteAllText(Hidden("tmux.conf"), "set -g status off\nset -g default-terminal screen-256color\n");
        try
        {
            ProgramRun.Of("tmux", ["-V"]);
        }
        catch (Win32Exception)
        {
            Dispose();
            Missing.Skip("there is no tmux", "tmux", "no command of README and docs was seen in a terminal");
        }
    }

    /// <summary>The path of a file that commands find by its name.</summary>
    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Runs a line of a shell, in which <c>carveout</c> is the program.</summary>
    /// <returns>The screen when the line has ended, up to the last line that is not empty, followed by the exit code.</returns>
    public string Run(string line)
    {
        // A clean environment, because variables of a CI machine would change the output of programs.
        File.WriteAllText(Hidden("run"), $$"""
            cd '{{_folder.FullName}}'
            carveout() { env -i PATH="$PATH" HOME="$HOME" TERM="$TERM" LC_ALL=C.UTF-8 dotnet '{{typeof(CommandLine).Assembly.Location}}' "$@"; }
            {{line}}
            printf '{{Exit}}%s]' $?
            tmux wait-for -S {{Ended}}
            sleep 1000
            """);
        // Each has a server of its own, because a server that is told to end is still there for a while.
        _runs++;
        Tmux("new-session", "-d", "-x", "80", "-y", "24", "sh", Hidden("run"));
        try
        {
            Tmux("wait-for", Ended);
            string screen = "";
            // What the line wrote last may still be on its way to the screen.
            for (var clock = Stopwatch.StartNew(); !screen.Contains(Exit, StringComparison.Ordinal); screen = Tmux("capture-pane", "-p"))
            {
                Assert.IsLessThan(s_patience, clock.Elapsed, $"{line} goes on:\n{screen}");
            }
            return string.Join('\n', screen.TrimEnd().Split('\n').Select(row => row.TrimEnd())) + "\n";
        }
        finally
        {
            Tmux("kill-server");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    private string Hidden(string name) => PathOf("." + name);

    private string Tmux(params string[] arguments)
    {
        ProgramRun run = ProgramRun.Of("tmux", ["-u", "-S", Hidden($"tmux{_runs}"), "-f", Hidden("tmux.conf"), .. arguments], ("LC_ALL", "C.UTF-8"));
        Assert.AreEqual(0, run.ExitCode, run.Error);
        return run.Output;
    }
}
