using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Carveout.Emulator.Tests.Planning;

/// <summary>The C# code of a plan, compiled against Board as device code is: C# 9.</summary>
internal sealed class CompiledBoard
{
    private readonly Type _type;

    private CompiledBoard(Type type) => _type = type;

    /// <summary>Compiles the code and loads the result.</summary>
    public static CompiledBoard Of(string code, string className) =>
        new(Compile(code, className, typeof(MemoryMap)).GetType("Carveout.Board.Boards." + className, throwOnError: true)!);

    /// <summary>Compiles C# 9 against the libraries of some types, and loads the result.</summary>
    public static Assembly Compile(string code, string className, params Type[] libraries)
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string[] references =
        [
            Path.Combine(runtime, "System.Runtime.dll"), Path.Combine(runtime, "System.Private.CoreLib.dll"),
            .. libraries.Select(type => type.Assembly.Location),
        ];
        var compilation = CSharpCompilation.Create(
            // Several plans of a board have classes of the same name.
            $"{className}-{Guid.NewGuid()}",
            [CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(LanguageVersion.CSharp9))],
            references.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, generalDiagnosticOption: ReportDiagnostic.Error));
        using var output = new MemoryStream();
        EmitResult result = compilation.Emit(output);
        Assert.IsTrue(result.Success, string.Join('\n', result.Diagnostics));
        output.Position = 0;
        // The loaded assembly uses the same Board as the tests.
        return AssemblyLoadContext.Default.LoadFromStream(output);
    }

    /// <summary>The result of its Create.</summary>
    public MemoryMap Create() => (MemoryMap)_type.GetMethod("Create")!.Invoke(null, null)!;

    /// <summary>The result of the Create of a board's class.</summary>
    public MemoryMap Create(ZoneLayout layout, PageMapKind pages, int poolSize) =>
        (MemoryMap)_type.GetMethod("Create")!.Invoke(null, [layout, pages, poolSize])!;

    /// <summary>One of its constants.</summary>
    public long this[string name] => Convert.ToInt64(_type.GetField(name)!.GetRawConstantValue());
}
