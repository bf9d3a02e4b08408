using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Carveout.Emulator.Tests.Properties;

/// <summary>Objects with everything that they own, field by field: copies to try things on, and fingerprints that tell states
/// apart.</summary>
/// <remarks>It does not know the meaning of any field, so the tested code may change inside. It is for trees only: an object that two
/// others share would become two.</remarks>
internal static class ObjectGraph
{
    private static readonly Func<object, object> s_cloneShallow =
        typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!.CreateDelegate<Func<object, object>>();

    private static readonly ConcurrentDictionary<Type, FieldInfo[]> s_fields = new(), s_references = new();

    /// <summary>A copy that shares nothing with the original but <paramref name="shared"/>, text, and objects of other
    /// assemblies.</summary>
    public static T Copy<T>(T original, object? shared = null)
        where T : class => (T)CopyObject(original, shared);

    /// <summary>A number for the state: equal states have equal numbers, and different states almost never have.</summary>
    /// <param name="flags">Names of counters of which only matters whether they are 0.</param>
    public static UInt128 Fingerprint(object state, params ReadOnlySpan<string> flags)
    {
        var hash = new WideHash();
        Append(ref hash, state, flags);
        return hash.Value;
    }

    private static object CopyObject(object original, object? shared)
    {
        if (original is RunBins[] parts)
        {
            return Array.ConvertAll(parts, part => (RunBins)CopyObject(part, shared));
        }
        if (original is Array array)
        {
            return array.GetType().GetElementType()!.IsPrimitive ? array.Clone() : array;
        }
        if (ReferenceEquals(original, shared) || !IsOwned(original.GetType()))
        {
            return original;
        }
        object copy = s_cloneShallow(original);
        foreach (FieldInfo field in ReferencesOf(original.GetType()))
        {
            if (field.GetValue(original) is { } value)
            {
                field.SetValue(copy, CopyObject(value, shared));
            }
        }
        return copy;
    }

    private static void Append(ref WideHash hash, object state, ReadOnlySpan<string> flags)
    {
        foreach (FieldInfo field in FieldsOf(state.GetType()))
        {
            switch (field.GetValue(state))
            {
                case null or string:
                    break;
                case Array array when array.GetType().GetElementType()!.IsPrimitive:
                    hash.Append(MemoryMarshal.CreateReadOnlySpan(ref MemoryMarshal.GetArrayDataReference(array), Buffer.ByteLength(array)));
                    break;
                case ulong number:
                    hash.Append(number);
                    break;
                case IConvertible number:
                    long value = number.ToInt64(null);
                    hash.Append((ulong)(flags.Contains(field.Name) ? Math.Min(value, 1) : value));
                    break;
                case { } part when IsOwned(part.GetType()):
                    Append(ref hash, part, flags);
                    break;
                case { } part:
                    throw new NotSupportedException($"{field.DeclaringType}.{field.Name}: no fingerprint of {part.GetType()}");
            }
        }
    }

    private static bool IsOwned(Type type) => type.Namespace?.StartsWith(nameof(Carveout), StringComparison.Ordinal) == true;

    private static FieldInfo[] FieldsOf(Type type) => s_fields.GetOrAdd(type, static of =>
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        return of.BaseType is { } ancestor ? [.. FieldsOf(ancestor), .. of.GetFields(Own)] : of.GetFields(Own);
    });

    private static FieldInfo[] ReferencesOf(Type type) =>
        s_references.GetOrAdd(type, static of => Array.FindAll(FieldsOf(of), field => !field.FieldType.IsValueType));
}
