using Microsoft.CodeAnalysis;
using Mono.Cecil;

namespace Carveout.DeviceSurface.Tests.Samples;

/// <summary>Compiles a sample against nanoFramework's surface and the libraries, and checks its IL, as it would be for the device.</summary>
internal static class SampleCompilation
{
    /// <summary>The compiler's error for a program without statements; then the sample consists of types only.</summary>
    private const string NoEntryPoint = "CS5001";

    private static readonly Lazy<IReadOnlyList<string>> _namespaces = new(FindNamespaces);

    /// <summary>All errors of a sample.</summary>
    public static IReadOnlyList<Message> Run(Sample sample)
    {
        using var folder = new TemporaryFolder();
        string program = folder.PathOf("sample.exe");
        (string, string)[] sources = [("sample.cs", sample.ToProgram(_namespaces.Value))];

        var errors = DeviceCompiler.Compile(program, sources, OutputKind.ConsoleApplication, withLibraries: true);
        if (errors.Any(e => e.Code == NoEntryPoint))
        {
            errors = DeviceCompiler.Compile(program, sources, withLibraries: true);
        }

        return errors.Count > 0 ? errors : DeviceCompiler.CheckIl(program);
    }

    private static IReadOnlyList<string> FindNamespaces()
    {
        var namespaces = new SortedSet<string>(StringComparer.Ordinal) { "System" };
        foreach (string path in DeviceLibraries.Paths)
        {
            using var library = AssemblyDefinition.ReadAssembly(path);
            namespaces.UnionWith(library.MainModule.Types.Where(t => t.IsPublic).Select(t => t.Namespace));
        }

        return [.. namespaces];
    }
}
