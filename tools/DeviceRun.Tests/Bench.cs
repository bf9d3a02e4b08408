using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Carveout.DeviceRun.Tests;

/// <summary>A checkout with the device build of one test project and one program, and shell scripts instead of nanoFramework's programs: a
/// metadata processor that copies, and a CLR that prints what a test wants.</summary>
internal sealed class Bench : IDisposable
{
    public const string TestSource = """
        public class TestClassAttribute : System.Attribute { }
        public class TestMethodAttribute : System.Attribute { }
        [System.AttributeUsage(System.AttributeTargets.Method, AllowMultiple = true)]
        public class DataRowAttribute : System.Attribute { public DataRowAttribute(object value) { } }
        public class SetupAttribute : System.Attribute { }
        namespace N
        {
            [TestClass] public class First
            {
                [Setup] public void Boot() { }
                [TestMethod] public void One() { }
                [TestMethod, DataRow(1), DataRow(2)] public void Rows(int row) { }
                public void NoTest() { }
            }
            [TestClass] public class Second { [TestMethod] public void Last() { } }
            public class None { [TestMethod] public void InNoTestClass() { } }
        }
        """;

    /// <summary>The launcher's lines if everything passes.</summary>
    public static readonly string[] AllPass =
    [
        "Test passed,N.First.Boot.0,10", "Test passed,N.First.One.0,10", "Test passed,N.First.Rows.0,10", "Test passed,N.First.Rows.1,10",
        "Test passed,N.Second.Last.0,10",
    ];

    // Its name has a blank, because a checkout's path may have one.
    private readonly string _folder = Directory.CreateTempSubdirectory("device run ").FullName;

    public Bench()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("The stand-ins are shell scripts.");
        }
        Directory.CreateDirectory(Library);
        File.WriteAllText(Path.Combine(Root, "nf.sln"), "");
        string core = typeof(object).Assembly.GetName().Name!;
        Emit(core, "", Path.Combine(Library, core + ".dll"), []);
        File.WriteAllText(Path.Combine(Library, core + ".pe"), "core");
        Emit("nanoFramework.UnitTestLauncher", "class Launcher { }", Path.Combine(Library, "nanoFramework.UnitTestLauncher.dll"), [Corlib]);
        File.WriteAllText(Path.Combine(Library, "nanoFramework.UnitTestLauncher.pe"), "launcher");
        Project("First.Tests", "NFUnitTest", TestSource, OutputKind.DynamicallyLinkedLibrary);
        Project("Program", "Some.Program", "class P { static void Main() { } }", OutputKind.ConsoleApplication);
        Processor = Script("processor", """
            while [ "$1" != -compile ]; do [ "$1" = -parse ] && in=$2; shift; done
            cp "$in" "$2"
            """);
        Clr = Says(AllPass, 0);
    }

    public string Root => _folder;

    public string Library => Path.Combine(_folder, "libraries");

    public string Processor { get; set; }

    public string Clr { get; set; }

    /// <summary>The arguments of the CLR.</summary>
    public string[] ClrArguments => File.ReadAllLines(Path.Combine(_folder, "arguments"));

    private static MetadataReference Corlib => MetadataReference.CreateFromFile(typeof(object).Assembly.Location);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A CLR that records its arguments, writes lines that end as nanoFramework's do, and returns an exit code.</summary>
    public string Says(string[] lines, int code, string name = "clr", string before = "")
    {
        File.WriteAllText(Path.Combine(_folder, name + ".console"), string.Concat(lines.Select(l => l + "\r\n")));
        return Script(name, $"""
            for a; do echo "$a"; done > "{_folder}/arguments"
            cat "{_folder}/{name}.console"
            {before}
            exit {code}
            """);
    }

    public string Script(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, "#!/bin/sh\n" + text + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        return path;
    }

    public (int Code, string Output, string Error) Run(string command, params string[] arguments) =>
        RunRaw([command, .. arguments, "--clr", Clr, "--mdp", Processor, "--lib", Library, "--root", Root]);

    public static (int Code, string Output, string Error) RunRaw(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int code = DeviceRunCommand.Run(arguments, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private void Project(string name, string assembly, string source, OutputKind kind)
    {
        string file = assembly + (kind == OutputKind.ConsoleApplication ? ".exe" : ".dll");
        foreach (string folder in (string[])["obj", "bin"])
        {
            string path = Path.Combine(_folder, name, folder, "device", "Debug", file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            Emit(assembly, source, path, [Corlib], kind);
        }
        File.WriteAllText(Path.Combine(_folder, name, name + ".nfproj"), "<Project />");
    }

    private static void Emit(string name, string source, string path, MetadataReference[] references, OutputKind kind = OutputKind.DynamicallyLinkedLibrary)
    {
        var compilation = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(source)], references, new CSharpCompilationOptions(kind));
        using FileStream file = File.Create(path);
        EmitResult result = compilation.Emit(file, options: new EmitOptions(runtimeMetadataVersion: "v4.0.30319"));
        Assert.IsTrue(result.Success, string.Join("\n", result.Diagnostics));
    }
}
