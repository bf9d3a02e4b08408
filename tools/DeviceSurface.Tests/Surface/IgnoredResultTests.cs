using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Mono.Cecil;

namespace Carveout.DeviceSurface.Tests.Surface;

/// <summary>Calls report refusals by their result. Code that ignores such a result does not build here (CA1806 in .editorconfig).</summary>
[TestClass]
public sealed class IgnoredResultTests
{
    private const string Rule = "CA1806";

    private static readonly string _source = Path.Combine(Locations.Repository, "examples", "Ignored.cs");

    private static readonly string _config = Path.Combine(Locations.Repository, ".editorconfig");

    private static readonly AnalyzerConfigOptionsResult _options = AnalyzerConfigSet
        .Create<ImmutableArray<AnalyzerConfig>>([AnalyzerConfig.Parse(File.ReadAllText(_config), _config)])
        .GetOptionsForSourcePath(_source);

    /// <summary>Every member of the libraries that returns a <c>VideoResult</c>, and those whose false means that nothing was done.</summary>
    public static IEnumerable<string> Calls
    {
        get
        {
            using var video = AssemblyDefinition.ReadAssembly(DeviceLibraries.PathOf("Carveout.Video"));
            string[] results = [.. video.MainModule.Types.Where(t => t.IsPublic).SelectMany(t => t.Methods)
                .Where(m => m.IsPublic && m.ReturnType.Name == "VideoResult" && !m.IsGetter).Select(Call)];
            Assert.IsGreaterThan(10, results.Length);
            return
            [
                .. results, "((DmaStreaming)null).MapScatterList(null, null, null, DmaDirection.ToDevice)", "((Contract)null).Check()",
                "((Mempool)null).Resize(1)", "((IoMemory)null).RequestRegion(null, PageOwner.Unknown)",
            ];
        }
    }

    [TestMethod]
    public void TheBuildTreatsItAsAnError()
    {
        Assert.AreEqual(ReportDiagnostic.Warn, _options.TreeOptions[Rule]);
        Assert.Contains("<TreatWarningsAsErrors>true", File.ReadAllText(Path.Combine(Locations.Repository, "Directory.Build.props")));
    }

    /// <summary>Each call twice in one method: with its result ignored, and discarded by name.</summary>
    [TestMethod]
    public async Task WhoeverIgnoresAResultIsToldAndWhoeverDiscardsItByNameIsNot()
    {
        string[] calls = [.. Calls];
        string[] lines =
        [
            "using Carveout.Memory;", "using Carveout.Video;", "class Ignored", "{", "void Run()", "{", .. calls.Select(c => c + ";"),
            .. calls.Select(c => $"_ = {c};"), "}", "}",
        ];

        int[] told = await ToldLines(lines);

        Assert.AreEqual(
            string.Join('\n', calls),
            string.Join('\n', told.Select(line => lines[line].TrimEnd(';'))));
    }

    private static string Call(MethodDefinition method) => $"(({method.DeclaringType.FullName})null).{method.Name}("
        + string.Join(", ", method.Parameters.Select(p => p.ParameterType is ByReferenceType ? "out _" : $"default({p.ParameterType.FullName})")) + ")";

    /// <summary>The lines, from 0, that the rule reports.</summary>
    private static async Task<int[]> ToldLines(string[] lines)
    {
        var compilation = CSharpCompilation.Create(
            "Ignored",
            [CSharpSyntaxTree.ParseText(string.Join('\n', lines), path: _source)],
            Directory.GetFiles(Locations.Surface, "*.dll").Concat(DeviceLibraries.Paths).Select(p => MetadataReference.CreateFromFile(p)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)
                .WithSpecificDiagnosticOptions([new(Rule, ReportDiagnostic.Warn)]));
        Assert.IsEmpty(compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));
        ImmutableArray<DiagnosticAnalyzer> analyzers = [.. Directory.GetFiles(Locations.Analyzers, "*NetAnalyzers.dll")
            .SelectMany(p => new AnalyzerFileReference(p, new Loader()).GetAnalyzers(LanguageNames.CSharp))
            .Where(a => a.SupportedDiagnostics.Any(d => d.Id == Rule))];
        Assert.IsFalse(analyzers.IsEmpty, Locations.Analyzers);
        var found = await compilation.WithAnalyzers(analyzers, new AnalyzerOptions([], new Options())).GetAnalyzerDiagnosticsAsync();
        return [.. found.Where(d => d.Id == Rule).Select(d => d.Location.GetLineSpan().StartLinePosition.Line).Order()];
    }

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
        }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }

    private sealed class Options : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values();

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

        private sealed class Values : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, out string value) => _options.AnalyzerOptions.TryGetValue(key, out value!);
        }
    }
}
