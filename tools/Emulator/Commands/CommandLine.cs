using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;

namespace Carveout.Emulator.Commands;

/// <summary>The command line <c>carveout</c>: its commands, and their common handling of errors and Ctrl-C.</summary>
internal static class CommandLine
{
    /// <summary>The exit code if arguments or files cannot be used.</summary>
    public const int BadUsage = 2;

    /// <summary>The exit code after Ctrl-C, the same as a shell's.</summary>
    public const int Interrupted = 130;

    /// <summary>Runs one command line. Without a command it runs <c>play</c>.</summary>
    /// <returns>The exit code: 0 for success, 1 and 3 as defined by the command, 2 for bad usage, 130 if interrupted.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("The memory of a camera-to-display pipeline, on an emulated board. Without a command it plays.")
        {
            HelpName = "carveout",
        };
        Command play = PlayCommand.Create();
        root.Subcommands.Add(play);
        root.Subcommands.Add(InvestigateCommand.Create());
        root.Subcommands.Add(ReplayCommand.Create());
        root.Subcommands.Add(CaptureCommand.Create());
        root.Subcommands.Add(DiagnoseCommand.Create());
        root.Subcommands.Add(ImportCommand.Create());
        root.Subcommands.Add(PlanCommand.Create());
        root.Subcommands.Add(MapCommand.Create());
        root.Subcommands.Add(DemoCommand.Create());
        root.Subcommands.Add(AppCommand.Create());

        ParseResult parsed = root.Parse(args.Length == 0 ? [play.Name] : args);
        if (parsed.Errors.Count > 0)
        {
            Refuse(parsed, root);
            return BadUsage;
        }
        // The library's own handling of signals is off: it would end the process before a command could report how far it was.
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
        catch (OutputException e)
        {
            Console.Error.WriteLine($"the output cannot be written: {e.Message}");
            return BadUsage;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("interrupted");
            return Interrupted;
        }
    }

    private static void Refuse(ParseResult parsed, RootCommand root)
    {
        Command command = parsed.CommandResult.Command;
        string name = command == root ? root.HelpName! : $"{root.HelpName} {command.Name}";
        ParseError[] former = FormerWords.Among(parsed.Errors);
        string? unknown = FormerWords.UnknownOption(parsed.Errors) ?? (former.Length == 0 ? parsed.UnmatchedTokens.FirstOrDefault() : null);
        if (unknown is not null)
        {
            // Other errors may only be consequences of this one.
            Console.Error.WriteLine(NotKnown(unknown, name, command));
        }
        else
        {
            foreach (ParseError error in former.Length > 0 ? former : parsed.Errors)
            {
                Console.Error.WriteLine(error.Message);
            }
        }
        Console.Error.WriteLine($"Try: {name} --help");
    }

    private static string NotKnown(string word, string name, Command command)
    {
        string what = word.StartsWith('-') ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        string[] meant = WordsLike(word, command);
        return $"{name} has no {what} '{word}'" + (meant.Length > 0 ? $": did you mean {string.Join(" or ", meant)}?"
            : command.Subcommands.Count > 0 ? $": expected {string.Join(", ", command.Subcommands.Select(known => known.Name))}" : "");
    }

    /// <summary>The words of a command that resemble an unknown one. The library finds them, but can only print them.</summary>
    private static string[] WordsLike(string word, Command command)
    {
        // It would take the word for itself.
        foreach (FormerArgument argument in command.Arguments.OfType<FormerArgument>().ToArray())
        {
            command.Arguments.Remove(argument);
        }
        ParseResult parsed = command.Parse([word]);
        if (parsed.Action is not ParseErrorAction action)
        {
            return [];
        }
        action.ShowHelp = false;
        using var text = new StringWriter();
        parsed.Invoke(new InvocationConfiguration { Output = text, Error = TextWriter.Null });
        // Nearly every short word resembles -h. The first line is a heading.
        return [.. text.ToString().Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Skip(1).Where(like => like.Length > 2)];
    }
}
