namespace Carveout.DeviceSurface.Tests.Probing;

/// <summary>The result of compiling and checking several probes together.</summary>
internal sealed class ProbeCompilation
{
    private readonly List<Message> _messages = [];

    private ProbeCompilation()
    {
    }

    public IReadOnlyList<Message> Messages => _messages;

    /// <summary>Compiles the probes, leaves out those that are refused, and starts again until none is. Then it checks the IL.</summary>
    /// <remarks>The compiler stops after its first phase with an error, so one run does not find all errors.</remarks>
    public static ProbeCompilation Run(IEnumerable<Probe> probes, bool allowUnsafe)
    {
        using var folder = new TemporaryFolder();
        var result = new ProbeCompilation();
        var left = probes.ToList();
        while (left.Count > 0)
        {
            var errors = DeviceCompiler.Compile(folder.PathOf("probes.dll"), left.Select(p => (p.FileName, p.Text)), allowUnsafe: allowUnsafe);
            result._messages.AddRange(errors);
            int refused = left.RemoveAll(p => errors.Any(e => IsAbout(e, p)));
            if (errors.Count == 0)
            {
                result._messages.AddRange(DeviceCompiler.CheckIl(folder.PathOf("probes.dll")));
                break;
            }

            Assert.AreNotEqual(0, refused, "errors outside of the probes: " + string.Join('\n', errors));
        }

        return result;
    }

    public IReadOnlyList<Message> MessagesAbout(Probe probe) => [.. _messages.Where(m => IsAbout(m, probe))];

    private static bool IsAbout(Message message, Probe probe) => Path.GetFileName(message.File) == probe.FileName;
}
