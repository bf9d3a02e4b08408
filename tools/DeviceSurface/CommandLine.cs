namespace Carveout.DeviceSurface;

/// <summary>What the tool does: <c>check</c> compiled assemblies.</summary>
/// <remarks>Findings go to standard output and usage errors to standard error, both in the form that MSBuild recognizes.</remarks>
internal static class CommandLine
{
    private const int Accepted = 0;
    private const int Refused = 1;
    private const int NotDone = 2;

    private const string Usage =
        """
        usage: devicesurface check ASSEMBLY...   refuse what compiles but does not run on nanoFramework
               devicesurface --help              print this

        Exit code: 0 accepted, 1 refused (each reason is a line 'file(line,col): error NFSnnn: text'), 2 not done.
        """;

    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        try
        {
            switch (args)
            {
                case ["--help" or "-h" or "help"]:
                    output.WriteLine(Usage);
                    return Accepted;
                case ["check", .. { Length: > 0 } assemblies]:
                    return Check(assemblies, output);
                case []:
                    throw new UsageException("nothing to do; --help says how it is used");
                case ["check", ..]:
                    throw new UsageException($"wrong number of arguments for '{args[0]}'; --help says how it is used");
                default:
                    throw new UsageException($"unknown argument '{args[0]}'; --help says how it is used");
            }
        }
        catch (Exception e) when (e is UsageException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine(new Finding("devicesurface", FindingCode.Unusable, e.Message));
            return NotDone;
        }
    }

    private static int Check(string[] assemblies, TextWriter output)
    {
        int result = Accepted;
        foreach (string path in assemblies)
        {
            foreach (var finding in Findings(path))
            {
                output.WriteLine(finding);
                result = Refused;
            }
        }

        return result;
    }

    private static IReadOnlyList<Finding> Findings(string path)
    {
        if (!File.Exists(path))
        {
            throw new UsageException("no such file: " + path);
        }

        try
        {
            return IlCheck.Run(path);
        }
        catch (BadImageFormatException)
        {
            throw new UsageException("not a .NET assembly: " + path);
        }
    }

    /// <summary>The request cannot be carried out; the message is the whole of what the user is told.</summary>
    private sealed class UsageException(string message) : Exception(message);
}
