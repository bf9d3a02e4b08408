using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Carveout.DeviceSurface;

/// <summary>The tool's two commands: <c>check</c> for compiled assemblies, and <c>sizes</c>, which prints how full their tables
/// are.</summary>
/// <remarks>Findings go to standard output and usage errors to standard error, both in the form that MSBuild recognizes.</remarks>
internal static class CommandLine
{
    private const int Accepted = 0;
    private const int Refused = 1;
    private const int NotDone = 2;

    private const string Usage =
        """
        usage: devicesurface check ASSEMBLY...  refuse what compiles but does not run
                                                on nanoFramework, or fills a .pe to 95 %
               devicesurface sizes ASSEMBLY...  print how full each one's .pe will be
               devicesurface --help             print this

        Exit code: 0 accepted, 1 refused (each reason is a line
        'file(line,col): error NFSnnn: text'), 2 not done.
        """;

    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        try
        {
            switch (args)
            {
                case ["--help" or "-h" or "help"] or ["check" or "sizes", "--help" or "-h"]:
                    output.WriteLine(Usage);
                    return Accepted;
                case ["check", .. { Length: > 0 } assemblies]:
                    return Check(assemblies, output);
                case ["sizes", .. { Length: > 0 } assemblies]:
                    SizeTable.Write([.. assemblies.Select(path => (path, Read(path, module => new PeTables(module))))], output);
                    return Accepted;
                case []:
                    throw new UsageException("nothing to do; --help says how it is used");
                case ["check" or "sizes", ..]:
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
        foreach (var finding in assemblies.SelectMany(path => Read(path, module => Findings(path, module))))
        {
            output.WriteLine(finding);
            result = finding.IsError ? Refused : result;
        }

        return result;
    }

    private static IReadOnlyList<Finding> Findings(string path, ModuleDefinition module)
    {
        var findings = new FindingList(path);
        IlCheck.Run(module, findings);
        TestCheck.Run(module, findings);
        WrappingSums.Check(module, findings);
        StaticInitializers.Check(module, findings);
        ByteCounts.Check(module, findings);
        new PeTables(module).Check(findings);
        return findings.All;
    }

    private static T Read<T>(string path, Func<ModuleDefinition, T> read)
    {
        if (!File.Exists(path))
        {
            throw new UsageException("no such file: " + path);
        }

        // Lines are known where the pdb lies beside the assembly.
        var parameters = new ReaderParameters
        {
            ReadSymbols = true,
            SymbolReaderProvider = new DefaultSymbolReaderProvider(throwIfNoSymbol: false),
            ThrowIfSymbolsAreNotMatching = false,
        };
        try
        {
            using var module = ModuleDefinition.ReadModule(path, parameters);
            return read(module);
        }
        catch (BadImageFormatException)
        {
            throw new UsageException("not a .NET assembly: " + path);
        }
    }

    /// <summary>The request cannot be carried out; the message is the whole of what the user is told.</summary>
    private sealed class UsageException(string message) : Exception(message);
}
