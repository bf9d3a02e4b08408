using System.CommandLine;
using System.CommandLine.Help;
using System.Diagnostics;

namespace Carveout.DeviceRun;

/// <summary>The command line: <c>devicerun test [PROJECT...]</c> and <c>devicerun run PROGRAM</c>.</summary>
public static class DeviceRunCommand
{
    private const int Good = 0, Bad = 1, NotDone = 2;

    private const string ClrHelp = "It is nanoFramework's CLR for computers: the .NET tool nanoclr (dotnet tool install -g nanoclr; "
        + "https://www.nuget.org/packages/nanoclr), or what targets/posix of "
        + "https://github.com/nanoframework/nf-interpreter builds. Say where with --clr PATH";

    private const string ProcessorHelp = "It is nanoFramework's metadata processor, which makes .pe files: part of its Visual Studio extension and "
        + "of https://github.com/nanoframework/metadata-processor. Say where with --mdp PATH";

    private const string NotBuilt = "build it first: dotnet build nf.sln";

    /// <summary>Executes the arguments.</summary>
    /// <returns>0 if everything ran and passed, 1 if something failed or did not run, 2 if nothing was done, with a line on <paramref
    /// name="error"/>.</returns>
    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        var clr = new Option<string?>("--clr") { Description = "nanoclr, or nf-interpreter's program for Linux and macOS; else nanoclr on the PATH.", HelpName = "PATH" };
        var processor = new Option<string?>("--mdp") { Description = "The metadata processor, an executable or a .dll; else on the PATH.", HelpName = "PATH" };
        var libraries = new Option<string[]>("--lib") { Description = "A folder with .dll and .pe of nanoFramework's libraries; may be repeated. Packages that NuGet has restored are found without.", HelpName = "DIR" };
        var root = new Option<string?>("--root") { Description = "The checkout; else the one around the current folder.", HelpName = "DIR" };
        var configuration = new Option<string>("--configuration", "-c") { Description = "Debug or Release.", DefaultValueFactory = _ => "Debug" };
        var timeout = new Option<int>("--timeout") { Description = "Seconds for each run.", DefaultValueFactory = _ => 600 };
        var extra = new Option<string[]>("--clr-arg") { Description = "Passed to the CLR behind the assemblies, for example --clr-arg=--forcegc; may be repeated.", HelpName = "ARG" };
        var projects = new Argument<string[]>("PROJECT") { Description = "Test projects, for example Pages.Tests; all of them where none is named.", Arity = ArgumentArity.ZeroOrMore };
        var program = new Argument<string>("PROGRAM") { Description = "A program's project or assembly, for example FromSource or Carveout.App, or the path of an .exe." };
        Option[] common = [clr, processor, libraries, root, configuration, timeout, extra];

        Setup Read(ParseResult parsed) => new(parsed.GetValue(clr), parsed.GetValue(processor), parsed.GetValue(libraries) ?? [],
            parsed.GetValue(root), parsed.GetValue(configuration)!, parsed.GetValue(timeout), parsed.GetValue(extra) ?? []);

        var test = new Command("test", "Runs device test projects under nanoFramework's launcher, and counts what ran.") { projects };
        test.SetAction(parsed => Do(error, () => Test(Read(parsed), parsed.GetValue(projects) ?? [], output)));
        var run = new Command("run", "Runs a program and shows its console.") { program };
        run.SetAction(parsed => Do(error, () => RunProgram(Read(parsed), parsed.GetRequiredValue(program), output)));
        foreach (Command command in (Command[])[test, run])
        {
            foreach (Option option in common)
            {
                command.Options.Add(option);
            }
        }
        var all = new RootCommand("Runs the device builds on nanoFramework's own CLR, with its programs, which you have: this builds none of them.") { test, run };
        ParseResult result = all.Parse(arguments);
        if (result.Errors.Count > 0 && result.Action is not HelpAction)
        {
            return Refuse(error, string.Join(" ", result.Errors.Select(problem => problem.Message)));
        }
        return result.Invoke(new InvocationConfiguration { Output = output, Error = error });
    }

    private static int Do(TextWriter error, Func<bool> action)
    {
        try
        {
            return action() ? Good : Bad;
        }
        catch (Exception cause) when (cause is DeviceRunException or IOException or UnauthorizedAccessException)
        {
            return Refuse(error, cause.Message);
        }
    }

    private static int Refuse(TextWriter error, string message)
    {
        error.WriteLine("devicerun: " + message);
        return NotDone;
    }

    private static bool Test(Setup setup, string[] names, TextWriter output)
    {
        AssemblySources sources = setup.Sources();
        (string Project, string Path)[] tests = [.. sources.Tests];
        if (tests.Length == 0)
        {
            throw new DeviceRunException($"there is no device build of a test project in {setup.Root} ({setup.Configuration}): {NotBuilt}");
        }
        string[] unknown = [.. names.Except(tests.Select(t => t.Project))];
        if (unknown.Length > 0)
        {
            throw new DeviceRunException($"no test project '{unknown[0]}' is built: expected {string.Join(", ", tests.Select(t => t.Project))}");
        }
        // Find everything that is needed before the first test runs.
        Runtime clr = setup.Clr();
        string launcher = sources.Find("nanoFramework.UnitTestLauncher", "a test run");
        bool good = true;
        WithConversion(setup, conversion =>
        {
            foreach ((string project, string path) in tests.Where(t => names.Length == 0 || names.Contains(t.Project)))
            {
                string[] assemblies = [.. sources.Closure(path).Concat(sources.Closure(launcher)).Distinct()];
                string[] files = [.. assemblies.Select(a => conversion.Convert(a, assemblies))];
                var run = new TestRun(new ExpectedTests(path));
                var time = Stopwatch.StartNew();
                int? code = clr.Run(files, run.Read);
                good &= run.Report(project, code, time.Elapsed, output);
            }
        });
        return good;
    }

    private static bool RunProgram(Setup setup, string name, TextWriter output)
    {
        AssemblySources sources = setup.Sources();
        string path = File.Exists(name) ? Path.GetFullPath(name)
            : sources.Builds.Where(b => Path.GetExtension(b.Path) == ".exe" && (b.Project == name || Path.GetFileNameWithoutExtension(b.Path) == name))
                .Select(b => b.Path).FirstOrDefault() ?? throw new DeviceRunException($"no program '{name}' is built ({setup.Configuration}): {NotBuilt}. There are: "
                    + string.Join(", ", sources.Builds.Where(b => Path.GetExtension(b.Path) == ".exe").Select(b => b.Project)));
        Runtime clr = setup.Clr();
        int? code = NotDone;
        WithConversion(setup, conversion =>
        {
            IReadOnlyList<string> assemblies = sources.Closure(path);
            code = clr.Run([.. assemblies.Select(a => conversion.Convert(a, assemblies))], output.WriteLine);
        });
        if (code != 0)
        {
            output.WriteLine(code == null ? $"devicerun: stopped after {setup.Seconds} s" : $"devicerun: the CLR ended with exit code {code}");
        }
        return code == 0;
    }

    private static void WithConversion(Setup setup, Action<Conversion> action)
    {
        string folder = Directory.CreateTempSubdirectory("devicerun ").FullName;
        try
        {
            action(new Conversion(setup.Processor(), folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed record Setup(string? ClrPath, string? ProcessorPath, string[] Libraries, string? RootPath, string Configuration, int Seconds, string[] ClrArguments)
    {
        public string Root { get; } = RootPath ?? Around(Directory.GetCurrentDirectory());

        public AssemblySources Sources()
        {
            foreach (string folder in Libraries.Prepend(Root).Where(f => !Directory.Exists(f)))
            {
                throw new DeviceRunException($"{folder}: there is no such folder");
            }
            return new AssemblySources(Root, Configuration, Libraries);
        }

        public Runtime Clr() => Seconds is >= 1 and <= 86400
            ? new Runtime(Tool.Find(ClrPath, ["nanoclr"], ClrHelp), ClrArguments, TimeSpan.FromSeconds(Seconds))
            : throw new DeviceRunException($"--timeout {Seconds}: expected 1 to 86400 seconds");

        public Tool Processor() => Tool.Find(ProcessorPath, ["nanoFramework.Tools.MetadataProcessor", "metadataprocessor"], ProcessorHelp);

        private static string Around(string folder)
        {
            for (string? at = folder; at != null; at = Path.GetDirectoryName(at))
            {
                if (File.Exists(Path.Combine(at, "nf.sln")))
                {
                    return at;
                }
            }
            throw new DeviceRunException($"{folder} is in no checkout of Carveout: there is no nf.sln around it. Say where it is with --root DIR");
        }
    }
}
