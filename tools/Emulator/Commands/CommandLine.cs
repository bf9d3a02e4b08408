using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.InteropServices;

namespace Carveout.Emulator.Commands;

/// <summary>The command line <c>carveout</c>: its commands, and what every one of them does with errors and Ctrl-C.</summary>
internal static class CommandLine
{
    /// <summary>The exit code for arguments or files that cannot be used.</summary>
    public const int BadUsage = 2;

    /// <summary>The exit code after Ctrl-C, as shells have it.</summary>
    public const int Interrupted = 130;

    /// <summary>Runs one command line; no command at all means <c>play</c>.</summary>
    /// <returns>The exit code: 0 done; 1 and 3 as the command says; 2 bad usage; 130 interrupted.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        // Not a RootCommand, which would be called like the file that runs it.
        var root = new Command("carveout", "The memory of a camera-to-display pipeline, on an emulated board. Without a command it plays.")
        {
            new HelpOption(), new VersionOption(),
        };
        Command play = PlayCommand.Create();
        root.Subcommands.Add(play);
        root.Subcommands.Add(InvestigateCommand.Create());
        root.Subcommands.Add(ReplayCommand.Create());
        root.Subcommands.Add(CaptureCommand.Create());
        root.Subcommands.Add(PlanCommand.Create());
        root.Subcommands.Add(MapCommand.Create());
        root.Subcommands.Add(DemoCommand.Create());
        root.Subcommands.Add(AppCommand.Create());

        ParseResult parsed = root.Parse(args.Length == 0 ? [play.Name] : args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                Console.Error.WriteLine(error.Message);
            }
            Console.Error.WriteLine($"Try: carveout {(parsed.CommandResult.Command == root ? "" : parsed.CommandResult.Command.Name + " ")}--help");
            return BadUsage;
        }
        // The library's own handling of signals is off: it ended the process before a command could say where it was.
        using var interrupt = new CancellationTokenSource();
        void Interrupt(PosixSignalContext signal)
        {
            signal.Cancel = true;
            interrupt.Cancel();
        }
        using PosixSignalRegistration ctrlC = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupt.Token);
        }
        catch (UsageException e)
        {
            Console.Error.WriteLine(e.Message);
            return BadUsage;
        }
        catch (IOException e)
        {
            // Files that were named have messages of their own: what is left is standard output, on a disk that is full.
            Console.Error.WriteLine($"the output cannot be written: {e.Message}");
            return BadUsage;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("interrupted");
            return Interrupted;
        }
    }
}
