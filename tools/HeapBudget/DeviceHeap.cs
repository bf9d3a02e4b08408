using System.Reflection;

namespace Carveout.HeapBudget;

/// <summary>Computes the bytes of objects in nanoFramework's managed heap from the objects on the host. Each object and each array is
/// counted once.</summary>
/// <remarks>
/// <para>nf-interpreter 1.17 keeps its heap in blocks of 12 bytes. An object needs one block, and one for each field, including those of
/// its base classes, whatever the field's type. An array needs 20 bytes and its data, rounded up to a block. A reference in an array needs
/// a block, like a field.</para>
/// <para>Names need no heap: they are literals, which the runtime leaves in flash.</para>
/// </remarks>
public sealed class DeviceHeap
{
    private const int Block = 12, ArrayHead = 20;

    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);

    /// <summary>Bytes of everything that was added.</summary>
    public long Bytes { get; private set; }

    /// <summary>Excludes an object, and what only it refers to.</summary>
    public void Except(object foreign) => _seen.Add(foreign);

    /// <summary>Adds an object with everything that it refers to, except what was added before.</summary>
    /// <returns>How many bytes were added.</returns>
    public long Add(object root)
    {
        long before = Bytes;
        var open = new Stack<object>([root]);
        while (open.TryPop(out object? next))
        {
            if (!_seen.Add(next))
            {
                continue;
            }
            if (next is string text)
            {
                Bytes += PriceOf(text);
                continue;
            }
            Bytes += next is Array array ? PriceOf(array) : PriceOf(next.GetType());
            foreach (object part in next is Array elements ? Elements(elements) : PartsOf(next))
            {
                open.Push(part);
            }
        }
        return Bytes - before;
    }

    /// <summary>Adds what an object refers to now, if the object was added earlier.</summary>
    public void AddParts(object known)
    {
        foreach (object part in PartsOf(known))
        {
            Add(part);
        }
    }

    /// <summary>Bytes of an array with so many bytes of data.</summary>
    public static long PriceOfArray(long data) => (ArrayHead + data + Block - 1) / Block * Block;

    /// <summary>Bytes of an object of a type, without what it refers to.</summary>
    public static long PriceOf(Type type)
    {
        if (type != typeof(object) && type.Namespace?.StartsWith(nameof(Carveout), StringComparison.Ordinal) != true)
        {
            throw new NotSupportedException($"what a {type} costs on the device is not known");
        }
        return Block * (1 + FieldsOf(type).Count());
    }

    /// <summary>A string counts unless it is a literal: the host keeps literals, and nothing else of ours, in its table of interned
    /// strings.</summary>
    private static long PriceOf(string text) =>
        ReferenceEquals(string.IsInterned(text), text) ? 0 : (Block + System.Text.Encoding.UTF8.GetByteCount(text) + 1 + Block - 1) / Block * Block;

    private static long PriceOf(Array array)
    {
        Type element = array.GetType().GetElementType()!;
        return PriceOfArray(element.IsPrimitive ? Buffer.ByteLength(array)
            : element.IsValueType ? throw new NotSupportedException($"what a {array.GetType()} costs on the device is not known")
            : Block * (long)array.Length);
    }

    private static IEnumerable<object> Elements(Array array) =>
        array.GetType().GetElementType()!.IsPrimitive ? [] : array.Cast<object?>().OfType<object>();

    /// <summary>The objects that an object's fields refer to.</summary>
    public static IEnumerable<object> PartsOf(object owner) => FieldsOf(owner.GetType())
        .Where(f => !f.FieldType.IsValueType)
        .Select(f => f.GetValue(owner))
        .OfType<object>();

    private static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        for (Type? level = type; level != null; level = level.BaseType)
        {
            const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
            foreach (FieldInfo field in level.GetFields(Own))
            {
                yield return field;
            }
        }
    }
}
