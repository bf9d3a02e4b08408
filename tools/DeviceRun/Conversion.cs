namespace Carveout.DeviceRun;

/// <summary>Converts assemblies to nanoFramework's .pe files with the user's metadata processor.</summary>
internal sealed class Conversion(Tool processor, string output)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, string> _done = [];

    /// <summary>The .pe of an assembly: the one beside it in its package, or a new one.</summary>
    /// <param name="path">The assembly.</param>
    /// <param name="references">The assemblies that it may refer to.</param>
    /// <exception cref="DeviceRunException">The metadata processor refuses; the message contains its own.</exception>
    public string Convert(string path, IEnumerable<string> references)
    {
        string packed = Path.ChangeExtension(path, ".pe");
        if (File.Exists(packed))
        {
            return packed;
        }
        if (_done.TryGetValue(path, out string? made))
        {
            return made;
        }
        // Each gets a folder, because all test assemblies have the same name.
        string pe = Path.Combine(output, _done.Count.ToString(), Path.ChangeExtension(Path.GetFileName(path), ".pe"));
        Directory.CreateDirectory(Path.GetDirectoryName(pe)!);
        File.Delete(pe);
        var said = new List<string>();
        IEnumerable<string> hints = references.Where(r => r != path).SelectMany(r => (string[])["-loadHints", Path.GetFileNameWithoutExtension(r), r]);
        int? code = processor.Run([.. hints, "-parse", path, "-compile", pe, "false"], s_limit, said.Add);
        if (code != 0 || !File.Exists(pe) || new FileInfo(pe).Length == 0)
        {
            throw new DeviceRunException($"{path}: the metadata processor does not convert it (exit code {code?.ToString() ?? "none: stopped after 5 minutes"}):\n"
                + string.Join("\n", said.Where(l => l.Trim().Length > 0).TakeLast(5)));
        }
        return _done[path] = pe;
    }
}
