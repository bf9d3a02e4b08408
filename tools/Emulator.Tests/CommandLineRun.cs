using Carveout.Emulator.Commands;

namespace Carveout.Emulator.Tests;

/// <summary>One run of the real command line in this process: its exit code and its output.</summary>
/// <remarks>For the program the output is redirected, as into a pipe, if the tests themselves run without a terminal (under <c>dotnet
/// test</c> they always do).</remarks>
internal sealed record CommandLineRun(int ExitCode, string Output, string Error)
{
    private static readonly OwnWriter s_output = new(Console.Out), s_error = new(Console.Error);

    static CommandLineRun()
    {
        Console.SetOut(s_output);
        Console.SetError(s_error);
    }

    /// <summary>The output's lines, without the empty one after the last line break.</summary>
    public string[] Lines => Output.TrimEnd('\n').Split('\n');

    /// <summary>Runs <c>carveout</c> with arguments.</summary>
    public static CommandLineRun Of(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        return Into(output, arguments);
    }

    /// <summary>Runs <c>carveout</c> with arguments that it must refuse as bad usage: exit code 2, no standard output, a message that says
    /// what is wrong, and no stack trace.</summary>
    /// <param name="expected">A part of the message.</param>
    /// <param name="arguments">The command and its arguments.</param>
    public static void Refused(string expected, params string[] arguments)
    {
        CommandLineRun run = Of(arguments);
        Assert.AreEqual(2, run.ExitCode, run.Output + run.Error);
        Assert.AreEqual("", run.Output);
        Assert.Contains(expected, run.Error);
        Assert.DoesNotContain("   at ", run.Error);
    }

    /// <summary>Runs <c>carveout</c> with arguments and a standard output of the test's own.</summary>
    public static CommandLineRun Into(StringWriter capturedOutput, params string[] arguments)
    {
        using var capturedError = new StringWriter { NewLine = "\n" };
        try
        {
            s_output.Use(capturedOutput);
            s_error.Use(capturedError);
            int exitCode = CommandLine.RunAsync(arguments).GetAwaiter().GetResult();
            return new CommandLineRun(exitCode, capturedOutput.ToString(), capturedError.ToString());
        }
        finally
        {
            s_output.Use(null);
            s_error.Use(null);
        }
    }
}
