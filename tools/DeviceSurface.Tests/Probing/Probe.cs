using System.Text.RegularExpressions;

namespace Carveout.DeviceSurface.Tests.Probing;

/// <summary>A file of device code, with the errors that it must cause, each named at the end of its line.</summary>
/// <remarks>
/// <c>// error CS0246</c> is an error of the ordinary build. <c>// error NFS003 with unsafe blocks</c> is what the IL check would report if
/// the compiler allowed pointers, which DeviceSurface.targets prevents.
/// </remarks>
internal sealed partial class Probe
{
    public Probe(string name, string text)
    {
        Name = name;
        Text = text;
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            var match = ErrorMark().Match(lines[i]);
            if (match.Success)
            {
                var list = match.Groups["unsafe"].Success ? UnsafeErrors : Errors;
                list.Add(new ExpectedError(match.Groups["code"].Value, i + 1));
            }
        }
    }

    public string Name { get; }

    public string Text { get; }

    public string FileName => Name + ".cs";

    public List<ExpectedError> Errors { get; } = [];

    public List<ExpectedError> UnsafeErrors { get; } = [];

    public static IEnumerable<Probe> ReadAll(string folder) =>
        Directory.GetFiles(folder, "*.cs").Order(StringComparer.Ordinal).Select(Read);

    private static Probe Read(string path) => new(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path));

    [GeneratedRegex(@"// error (?<code>[A-Z]+\d+)(?<unsafe> with unsafe blocks)?")]
    private static partial Regex ErrorMark();
}

internal readonly record struct ExpectedError(string Code, int Line);
