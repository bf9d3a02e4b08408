namespace Carveout.DeviceSurface.Tests.Probing;

/// <summary>What the compiler and the IL check say about some probes together.</summary>
/// <remarks>The compiler is the SDK's, with the options that DeviceSurface.targets leads to.</remarks>
internal sealed class ProbeCompilation
{
    private readonly List<Message> _messages = [];

    private ProbeCompilation()
    {
    }

    public IReadOnlyList<Message> Messages => _messages;

    /// <summary>Compiles the probes, leaves out those that are refused, and starts again until none is. Then it checks the IL.</summary>
    /// <remarks>The compiler stops after its first phase with an error, so one run does not tell all.</remarks>
    public static ProbeCompilation Run(IEnumerable<Probe> probes, bool allowUnsafe)
    {
        using var folder = new TemporaryFolder();
        var result = new ProbeCompilation();
        var left = probes.ToList();
        while (left.Count > 0)
        {
            var errors = Compile(folder, left, allowUnsafe);
            result._messages.AddRange(errors);
            int refused = left.RemoveAll(p => errors.Any(e => IsAbout(e, p)));
            if (errors.Count == 0)
            {
                result.CheckIl(folder.PathOf("probes.dll"));
                break;
            }

            Assert.AreNotEqual(0, refused, "errors outside of the probes: " + string.Join('\n', errors));
        }

        return result;
    }

    public IReadOnlyList<Message> MessagesAbout(Probe probe) => [.. _messages.Where(m => IsAbout(m, probe))];

    private static bool IsAbout(Message message, Probe probe) => Path.GetFileName(message.File) == probe.FileName;

    private static List<Message> Compile(TemporaryFolder folder, List<Probe> probes, bool allowUnsafe)
    {
        string[] options =
        [
            "/nostdlib /nologo /target:library /langversion:9 /optimize+ /debug:portable /deterministic /fullpaths",
            allowUnsafe ? "/unsafe+" : "/unsafe-",
            $"/out:\"{folder.PathOf("probes.dll")}\"",
            .. DeviceReferences.Paths.Select(p => $"/reference:\"{p}\""),
            .. probes.Select(p => $"\"{folder.Write(p.FileName, p.Text)}\""),
        ];
        string responseFile = folder.Write("probes.rsp", string.Join('\n', options));
        var run = DotnetRun.Start(folder.Path, "exec", Locations.CSharpCompiler, "/noconfig", "@" + responseFile);
        List<Message> errors = [.. Message.ReadAll(run.Output).Where(m => m.IsError)];
        Assert.AreEqual(run.ExitCode == 0, errors.Count == 0, run.Output);
        return errors;
    }

    private void CheckIl(string assembly)
    {
        var output = new StringWriter();
        int exitCode = CommandLine.Run(["check", assembly], output, output);
        var findings = Message.ReadAll(output.ToString());
        Assert.AreEqual(findings.Count == 0 ? 0 : 1, exitCode);
        _messages.AddRange(findings);
    }
}
