using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Carveout.DeviceSurface.Tests;

/// <summary>The compiler and the IL check, with the options of DeviceSurface.targets.</summary>
internal static class DeviceCompiler
{
    private static readonly CSharpParseOptions _language = new(LanguageVersion.CSharp9, DocumentationMode.Diagnose);

    private static readonly IReadOnlyList<MetadataReference> _surface =
        [.. Directory.GetFiles(Locations.Surface, "*.dll").Select(p => MetadataReference.CreateFromFile(p))];

    private static readonly Lazy<IReadOnlyList<MetadataReference>> _libraries =
        new(() => [.. DeviceLibraries.Paths.Select(p => MetadataReference.CreateFromFile(p))]);

    /// <summary>The compiler's errors.</summary>
    /// <param name="output">The assembly that it makes if there are no errors, with pdb and documentation beside it.</param>
    /// <param name="sources">Names and texts of files.</param>
    /// <param name="kind">A library or a program.</param>
    /// <param name="allowUnsafe">Whether pointers are allowed, which they never are in device projects.</param>
    /// <param name="withLibraries">Whether it refers to the packed libraries.</param>
    public static IReadOnlyList<Message> Compile(
        string output,
        IEnumerable<(string Name, string Text)> sources,
        OutputKind kind = OutputKind.DynamicallyLinkedLibrary,
        bool allowUnsafe = false,
        bool withLibraries = false)
    {
        var compilation = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(output),
            sources.Select(s => CSharpSyntaxTree.ParseText(SourceText.From(s.Text, Encoding.UTF8), _language, s.Name)),
            withLibraries ? _surface.Concat(_libraries.Value) : _surface,
            new CSharpCompilationOptions(kind, optimizationLevel: OptimizationLevel.Release, allowUnsafe: allowUnsafe));

        using var assembly = File.Create(output);
        using var pdb = File.Create(Path.ChangeExtension(output, ".pdb"));
        using var documentation = File.Create(Path.ChangeExtension(output, ".xml"));
        var options = new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb, pdbFilePath: pdb.Name);
        var result = compilation.Emit(assembly, pdb, documentation, options: options);
        return [.. result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(ToMessage).Distinct()];
    }

    /// <summary>What the IL check refuses in an assembly.</summary>
    public static IReadOnlyList<Message> CheckIl(string assembly)
    {
        var output = new StringWriter();
        int exitCode = CommandLine.Run(["check", assembly], output, output);
        var findings = Message.ReadAll(output.ToString());
        Assert.AreEqual(findings.Count == 0 ? 0 : 1, exitCode);
        return findings;
    }

    private static Message ToMessage(Diagnostic diagnostic)
    {
        var place = diagnostic.Location.GetMappedLineSpan();
        int line = diagnostic.Location.IsInSource ? place.StartLinePosition.Line + 1 : 0;
        return new Message(place.Path ?? "", line, IsError: true, diagnostic.Id, diagnostic.ToString());
    }
}
