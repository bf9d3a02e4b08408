using System.Reflection;

namespace Carveout.HeapBudget;

/// <summary>The objects of the libraries' static fields. They exist once, from before Main on, whichever classes a program uses.</summary>
public static class StaticTables
{
    /// <summary>The objects, in no order.</summary>
    public static IEnumerable<object> All => DeviceLibraries.All
        .SelectMany(a => a.GetTypes())
        .Where(t => t.Namespace?.StartsWith(nameof(Carveout), StringComparison.Ordinal) == true)
        .SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Where(f => !f.IsLiteral && !f.FieldType.IsValueType)
        .Select(f => f.GetValue(null))
        .OfType<object>();
}
