using Mono.Cecil;

namespace Carveout.DeviceSurface;

/// <summary>The findings about one assembly. A code occurs once for each line, because a local and each of its uses would say the
/// same.</summary>
internal sealed class FindingList(string path)
{
    private readonly SourcePlaces _places = new(path);
    private readonly List<Finding> _findings = [];
    private readonly HashSet<(string Place, string Code)> _reported = [];

    public IReadOnlyList<Finding> All => _findings;

    /// <summary>A type's name in messages; that of a nested type begins with its outer type's.</summary>
    public static string NameOf(TypeDefinition type) => type.FullName.Replace('/', '.');

    public void Add(MethodDefinition method, int offset, string code, string text) =>
        Add(_places.Find(method, offset), code, $"{NameOf(method.DeclaringType)}.{method.Name}: {text}");

    public void Add(TypeDefinition type, string code, string text) => Add(_places.Find(type), code, NameOf(type) + text);

    /// <summary>Adds a finding about the assembly as a whole.</summary>
    public void Add(string code, string text, bool isError) => _findings.Add(new Finding(path, code, text, isError));

    private void Add(string? place, string code, string text)
    {
        if (place == null || _reported.Add((place, code)))
        {
            _findings.Add(new Finding(place ?? path, code, text));
        }
    }
}
