namespace Carveout.DeviceSurface.Tests;

/// <summary>The SDK's compiler and the IL check, with the options that DeviceSurface.targets leads to.</summary>
internal static class DeviceCompiler
{
    /// <summary>The compiler's errors.</summary>
    /// <param name="folder">For the response file.</param>
    /// <param name="output">The assembly that it makes, where there are no errors.</param>
    /// <param name="sources">Files.</param>
    /// <param name="options">More than those of a library of the device without references of its own.</param>
    public static IReadOnlyList<Message> Compile(TemporaryFolder folder, string output, IEnumerable<string> sources, params string[] options)
    {
        string[] all =
        [
            "/nostdlib /nologo /langversion:9 /optimize+ /debug:portable /deterministic /fullpaths",
            $"/out:\"{output}\"",
            .. DeviceReferences.Paths.Select(p => $"/reference:\"{p}\""),
            .. options,
            .. sources.Select(p => $"\"{p}\""),
        ];
        string responseFile = folder.Write(Path.GetFileName(output) + ".rsp", string.Join('\n', all));
        var run = DotnetRun.Start(folder.Path, "exec", Locations.CSharpCompiler, "/noconfig", "@" + responseFile);
        List<Message> errors = [.. Message.ReadAll(run.Output).Where(m => m.IsError)];
        Assert.AreEqual(run.ExitCode == 0, errors.Count == 0, run.Output);
        return errors;
    }

    /// <summary>What the IL check refuses of an assembly.</summary>
    public static IReadOnlyList<Message> CheckIl(string assembly)
    {
        var output = new StringWriter();
        int exitCode = CommandLine.Run(["check", assembly], output, output);
        var findings = Message.ReadAll(output.ToString());
        Assert.AreEqual(findings.Count == 0 ? 0 : 1, exitCode);
        return findings;
    }
}
