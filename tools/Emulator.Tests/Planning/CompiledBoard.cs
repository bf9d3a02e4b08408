using System.Reflection;
using System.Runtime.Loader;
using Carveout.Emulator.Tests.Movies;

namespace Carveout.Emulator.Tests.Planning;

/// <summary>The C# of a plan, compiled as device code is, C# 9, by the SDK's compiler, against Board.</summary>
internal sealed class CompiledBoard
{
    private readonly Type _type;

    private CompiledBoard(Type type) => _type = type;

    /// <summary>Compiles it and loads what came out.</summary>
    public static CompiledBoard Of(string code, string className)
    {
        using var folder = new TemporaryFolder();
        string source = folder.File("plan.cs"), output = folder.File(className + ".dll");
        File.WriteAllText(source, code);
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        Compile(
            "exec", Metadata("CSharpCompiler"), "/noconfig", "/nologo", "/nostdlib", "/target:library", "/langversion:9", "/warnaserror+",
            $"/out:{output}", $"/reference:{Path.Combine(runtime, "System.Runtime.dll")}",
            $"/reference:{Path.Combine(runtime, "System.Private.CoreLib.dll")}", $"/reference:{typeof(MemoryMap).Assembly.Location}", source);
        // From memory, so that the folder can go; Board is the one that the tests have.
        Assembly assembly = AssemblyLoadContext.Default.LoadFromStream(new MemoryStream(File.ReadAllBytes(output)));
        return new CompiledBoard(assembly.GetType("Carveout.Board.Boards." + className, throwOnError: true)!);
    }

    /// <summary>What its Create makes.</summary>
    public MemoryMap Create() => (MemoryMap)_type.GetMethod("Create")!.Invoke(null, null)!;

    /// <summary>One of its constants.</summary>
    public long this[string name] => Convert.ToInt64(_type.GetField(name)!.GetRawConstantValue());

    private static void Compile(params string[] arguments)
    {
        ProgramRun run = ProgramRun.Of(Metadata("Dotnet") is { Length: > 0 } path ? path : "dotnet", arguments, ("DOTNET_CLI_UI_LANGUAGE", "en"));
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
    }

    private static string Metadata(string key) => typeof(CompiledBoard).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
