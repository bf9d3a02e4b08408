using Mono.Cecil;

namespace Carveout.DeviceRun;

/// <summary>The tests that nanoFramework's launcher should run, read from a test assembly's metadata. They are needed because a launcher
/// that stops half-way says nothing, and its exit code is 0.</summary>
internal sealed class ExpectedTests
{
    private readonly Dictionary<string, int> _runs = [];
    private readonly HashSet<string> _frames = [];

    /// <summary>Reads them.</summary>
    public ExpectedTests(string path)
    {
        using var module = ModuleDefinition.ReadModule(path);
        foreach (TypeDefinition type in module.GetTypes().Where(t => t.IsClass && Has(t, "TestClassAttribute")))
        {
            // The launcher runs a class's public methods, including inherited ones, and names them after the class that declares them.
            for (TypeDefinition? level = type; level != null; level = level.BaseType is TypeDefinition parent ? parent : null)
            {
                foreach (MethodDefinition method in level.Methods.Where(m => m.IsPublic))
                {
                    Add(method);
                }
            }
        }
    }

    /// <summary>How many tests there are; each data row is a test.</summary>
    public int Count => _runs.Values.Sum();

    /// <summary>How many classes have tests.</summary>
    public int Classes => _runs.Keys.Select(ClassOf).Distinct().Count();

    /// <summary>By method: how often it runs. Setup and cleanup are not included.</summary>
    public IReadOnlyDictionary<string, int> Runs => _runs;

    /// <summary>Whether a method is a class's setup or cleanup.</summary>
    public bool IsFrame(string method) => _frames.Contains(method);

    /// <summary>The class in a method's full name.</summary>
    public static string ClassOf(string method) => method[..method.LastIndexOf('.')];

    private static bool Has(ICustomAttributeProvider owner, string attribute) => owner.CustomAttributes.Any(a => a.AttributeType.Name == attribute);

    private void Add(MethodDefinition method)
    {
        string name = method.DeclaringType.FullName.Replace('/', '+') + "." + method.Name;
        int rows = method.CustomAttributes.Count(a => a.AttributeType.Name == "DataRowAttribute");
        int runs = rows > 0 ? rows : Has(method, "TestMethodAttribute") ? 1 : 0;
        if (runs > 0)
        {
            _runs[name] = _runs.GetValueOrDefault(name) + runs;
        }
        else if (Has(method, "SetupAttribute") || Has(method, "CleanupAttribute"))
        {
            _frames.Add(name);
        }
    }
}
