using System.CommandLine;
using System.CommandLine.Help;

namespace Carveout.IlCounter;

/// <summary>The command line: <c>ilcounter rewrite INPUT.dll... --out DIR</c>.</summary>
public static class IlCounterCommand
{
    const int Success = 0;
    const int BadInput = 2;

    /// <summary>Runs one command.</summary>
    /// <returns>0; or 2 after one line on <paramref name="error"/>, when the arguments or the files are not what they should be.</returns>
    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        var inputs = new Argument<string[]>("INPUT.dll")
        {
            Description = "Managed assemblies; those that refer to each other belong in one run and count into one counter.",
            Arity = ArgumentArity.OneOrMore,
        };
        var folder = new Option<string>("--out")
        {
            Description = "The folder for the instrumented assemblies, under the names of the originals; made if it is missing.",
            HelpName = "DIR",
            Required = true,
        };
        var rewrite = new Command("rewrite", "Instrument assemblies and list the static IL size of each method.") { inputs, folder };
        rewrite.SetAction(parsed => Rewrite(parsed.GetRequiredValue(inputs), parsed.GetRequiredValue(folder), output, error));
        var root = new RootCommand("Counts exactly which IL instructions, accesses and calls a run of managed code executes.") { rewrite };

        var result = root.Parse(arguments);
        if (result.Errors.Count > 0 && result.Action is not HelpAction)
            return Refuse(error, string.Join(" ", result.Errors.Select(problem => problem.Message)));
        return result.Invoke(new InvocationConfiguration { Output = output, Error = error });
    }

    static int Rewrite(string[] inputs, string folder, TextWriter output, TextWriter error)
    {
        try
        {
            foreach (var assembly in InstrumentedAssembly.Rewrite(inputs, folder))
                SizeTable.Write(output, assembly);
            return Success;
        }
        catch (Exception cause) when (cause is InstrumentationException or IOException or UnauthorizedAccessException)
        {
            return Refuse(error, cause.Message);
        }
    }

    static int Refuse(TextWriter error, string message)
    {
        error.WriteLine("ilcounter: " + message.ReplaceLineEndings(" "));
        return BadInput;
    }
}
