using System.CommandLine;
using System.CommandLine.Help;

namespace Carveout.IlCounter;

/// <summary>The command line: <c>ilcounter INPUT.dll...</c>.</summary>
public static class IlCounterCommand
{
    private const int Success = 0;
    private const int BadInput = 2;

    /// <summary>Lists the static size of each method.</summary>
    /// <returns>0; or 2, with one line on <paramref name="error"/>, if the arguments or the files cannot be used.</returns>
    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        var inputs = new Argument<string[]>("INPUT.dll") { Description = "Managed assemblies.", Arity = ArgumentArity.OneOrMore };
        var root = new RootCommand("Lists the static IL size of each method, as the counter of executed instructions sees it.") { inputs };
        root.SetAction(parsed => List(parsed.GetRequiredValue(inputs), output, error));

        var result = root.Parse(arguments);
        if (result.Errors.Count > 0 && result.Action is not HelpAction)
            return Refuse(error, string.Join(" ", result.Errors.Select(problem => problem.Message)));
        return result.Invoke(new InvocationConfiguration { Output = output, Error = error });
    }

    private static int List(string[] inputs, TextWriter output, TextWriter error)
    {
        try
        {
            foreach (var assembly in InstrumentedAssembly.Rewrite(inputs))
                SizeTable.Write(output, assembly);
            return Success;
        }
        catch (Exception cause) when (cause is InstrumentationException or IOException or UnauthorizedAccessException)
        {
            return Refuse(error, cause.Message);
        }
    }

    private static int Refuse(TextWriter error, string message)
    {
        error.WriteLine("ilcounter: " + message.ReplaceLineEndings(" "));
        return BadInput;
    }
}
