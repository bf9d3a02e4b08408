using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Carveout.Emulator.Tests.Planning;

/// <summary>The C# of a plan, compiled as device code is, C# 9, against Board.</summary>
internal sealed class CompiledBoard
{
    private readonly Type _type;

    private CompiledBoard(Type type) => _type = type;

    /// <summary>Compiles it and loads what came out.</summary>
    public static CompiledBoard Of(string code, string className) =>
        new(Compile(code, className, typeof(MemoryMap)).GetType("Carveout.Board.Boards." + className, throwOnError: true)!);

    /// <summary>Compiles C# 9 against the libraries of some types, and loads what came out.</summary>
    public static Assembly Compile(string code, string className, params Type[] libraries)
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string[] references =
        [
            Path.Combine(runtime, "System.Runtime.dll"), Path.Combine(runtime, "System.Private.CoreLib.dll"),
            .. libraries.Select(type => type.Assembly.Location),
        ];
        var compilation = CSharpCompilation.Create(
            // Several plans of a board have classes of one name.
            $"{className}-{Guid.NewGuid()}",
            [CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(LanguageVersion.CSharp9))],
            references.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, generalDiagnosticOption: ReportDiagnostic.Error));
        using var output = new MemoryStream();
        EmitResult result = compilation.Emit(output);
        Assert.IsTrue(result.Success, string.Join('\n', result.Diagnostics));
        output.Position = 0;
        // Board is the one that the tests have.
        return AssemblyLoadContext.Default.LoadFromStream(output);
    }

    /// <summary>What its Create makes.</summary>
    public MemoryMap Create() => (MemoryMap)_type.GetMethod("Create")!.Invoke(null, null)!;

    /// <summary>What the Create of a board's class makes.</summary>
    public MemoryMap Create(ZoneLayout layout, PageMapKind pages, int poolSize) =>
        (MemoryMap)_type.GetMethod("Create")!.Invoke(null, [layout, pages, poolSize])!;

    /// <summary>One of its constants.</summary>
    public long this[string name] => Convert.ToInt64(_type.GetField(name)!.GetRawConstantValue());
}
