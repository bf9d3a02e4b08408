using System.Text.RegularExpressions;
using System.Xml.Linq;
using Carveout.DeviceSurface.Tests.Documentation;
using Mono.Cecil;

namespace Carveout.DeviceSurface.Tests.Surface;

/// <summary>The rules for every library's visible surface. Each rule gives a line for each type or member that breaks it.</summary>
/// <param name="words">The words of docs/architecture.md for numbers, names and truth values.</param>
internal sealed partial class SurfaceRules(IReadOnlySet<string> words)
{
    /// <summary>A longer constructor is called by position, and nobody knows which number is which.</summary>
    private const int LongConstructor = 7;

    private static readonly Dictionary<string, string[]> _names = new()
    {
        ["AllocatorLock"] = ["allocatorLock", "poolLock"],
        ["DmaAllocator"] = ["dma"],
        ["DmaDevice"] = ["device"],
        ["DmaDirection"] = ["direction"],
        ["DmaEngines"] = ["engine", "engines"],
        ["FindingLog"] = ["log"],
        ["FrameBuffer"] = ["frame", "other"],
        ["GfpFlags"] = ["gfp"],
        ["IoMemory"] = ["io"],
        ["KmemCache"] = ["cache"],
        ["MemoryMap"] = ["map", "board"],
        ["OwnerTable"] = ["table"],
        ["PageAllocator"] = ["pages"],
        ["PageOwner"] = ["owner"],
        ["PhysicalMemory"] = ["memory", "native"],
        ["PixelFormat"] = ["pixelFormat"],
        ["Reservation"] = ["reservation"],
        ["SlabAllocator"] = ["slabs"],
        ["TraceRing"] = ["ring"],
        ["VideoFormat"] = ["format", "source", "target", "a", "b"],
        ["Zone"] = ["zone"],
    };

    private static readonly HashSet<string> _scalars = ["Boolean", "Byte", "Int32", "Int64", "String", "UInt16", "UInt32", "UInt64"];

    public static IEnumerable<string> PublicFields(DocumentedLibrary library) => library.Fields
        .Where(f => !f.HasConstant && !f.DeclaringType.IsEnum)
        .Select(f => Line(f, "a field: a property can change later, a field cannot"));

    /// <summary>On nanoFramework 1.x no interface can get a member later: default implementations fail at run time.</summary>
    public static IEnumerable<string> Interfaces(DocumentedLibrary library) => library.Types.Where(t => t.IsInterface)
        .Select(t => Line(t, "an interface can never get a member: expected an abstract class"));

    public static IEnumerable<string> LongConstructors(DocumentedLibrary library) => Constructors(library)
        .Where(c => c.Parameters.Count > LongConstructor && !HasShorter(c))
        .Select(c => Line(c, $"{c.Parameters.Count} parameters: expected at most {LongConstructor}, or a shorter constructor beside it"));

    /// <summary>Types whose shortest public constructor takes five parameters or more.</summary>
    public static IEnumerable<string> TypesWithoutShortConstructor(DocumentedLibrary library) => Constructors(library)
        .Where(c => c.Parameters.Count >= 5 && !HasShorter(c))
        .Select(c => c.DeclaringType.Name).Distinct();

    public static IEnumerable<string> Limits(DocumentedLibrary library) => library.Fields.Where(f => f.HasConstant && !f.DeclaringType.IsEnum)
        .Concat<IMemberDefinition>(library.Properties)
        .Where(m => OtherLimit().IsMatch(m.Name) && !m.Name.StartsWith("LargestFree", StringComparison.Ordinal))
        .Select(m => Line(m, "expected Max or Min; what is free in a row is LargestFree"));

    /// <summary>A method that takes an index ends in At and says which there are; docs/allocating.md says how others are refused.</summary>
    public static IEnumerable<string> Indices(DocumentedLibrary library) => library.Methods
        .Where(m => m.ReturnType.Name != "Void" && m.Parameters is [{ Name: "index", ParameterType.Name: "Int32" }])
        .Where(m => !(m.Name.EndsWith("At", StringComparison.Ordinal) && FirstWords(Parameter(library, m, m.Parameters[0])).StartsWith("0 to ", StringComparison.Ordinal))
            // V4L2's methods report by their results; CreatePool and Open make something.
            && m.DeclaringType.Name != "VideoDevice" && m.Name is not ("CreatePool" or "Open"))
        .Select(m => Line(m, "expected a name that ends in At, and an index of 0 to a count - 1"));

    /// <summary>The number in use is LiveCount, its maximum MaxLiveCount, and the number of refusals FailureCount.</summary>
    public static IEnumerable<string> Counts(DocumentedLibrary library) => library.Properties
        .Where(p => OtherCount().IsMatch(p.Name) || (p.Name.EndsWith("FailureCount", StringComparison.Ordinal) && p.PropertyType.Name != "Int64"))
        .Select(p => Line(p, "expected LiveCount, MaxLiveCount, or FailureCount as a long"));

    public static IEnumerable<string> Times(DocumentedLibrary library)
    {
        foreach (PropertyDefinition property in library.Properties.Where(p => IsTime(p.Name, p.PropertyType)))
        {
            if (!NamesUnit(property.Name) && !NamesUnit(FirstWords(library.Of(property)?.Element("summary"))))
            {
                yield return Line(property, "expected milliseconds or microseconds in its name or its summary's first words");
            }
        }
        foreach (MethodDefinition method in library.Methods.Where(m => !IsOverride(m)))
        {
            foreach (ParameterDefinition parameter in method.Parameters.Where(p => IsTime(p.Name, p.ParameterType)))
            {
                if (!NamesUnit(parameter.Name) && !NamesUnit(FirstWords(Parameter(library, method, parameter))))
                {
                    yield return Line(method, $"'{parameter.Name}': expected milliseconds or microseconds in its name or its first words");
                }
            }
        }
    }

    /// <summary>A parameter of a type has the same name in every call.</summary>
    public IEnumerable<string> Names(DocumentedLibrary library)
    {
        foreach (MethodDefinition method in library.Methods.Where(m => !IsOverride(m)))
        {
            foreach (ParameterDefinition parameter in method.Parameters)
            {
                string type = parameter.ParameterType.GetElementType().Name;
                if (parameter.ParameterType is ArrayType or ByReferenceType { ElementType: ArrayType })
                {
                    continue;
                }
                if (_names.TryGetValue(type, out string[]? names) && !names.Contains(parameter.Name))
                {
                    yield return Line(method, $"{type} '{parameter.Name}': expected {string.Join(" or ", names)}");
                }
                else if (_scalars.Contains(type) && !words.Contains(parameter.Name) && !words.Contains(LastWord(parameter.Name)))
                {
                    yield return Line(method, $"'{parameter.Name}' is no word of docs/architecture.md, and does not end in one");
                }
            }
        }
    }

    /// <summary>The documentation of every class says how threads may share its objects.</summary>
    public static IEnumerable<string> Threads(DocumentedLibrary library) => library.Types
        .Where(t => t is { IsClass: true, IsEnum: false, IsValueType: false } && !(t.IsAbstract && t.IsSealed) && !DocumentedLibrary.IsDelegate(t))
        .Where(t => !SpeaksOfThreads().IsMatch(library.Of(t)?.Value + (t.BaseType.Resolve() is { } above ? library.Of(above)?.Value : "")))
        .Select(t => Line(t, "expected a sentence on threads"));

    /// <summary>A member's text mentions null if and only if its annotation allows null. Where the type forbids it, no word is needed.</summary>
    public static IEnumerable<string> Annotations(DocumentedLibrary library)
    {
        foreach (MethodDefinition method in library.Methods.Where(m => !IsOverride(m)))
        {
            XElement? documentation = library.Of(method);
            if (Disagree(method.ReturnType, method.MethodReturnType, method, documentation?.Element("returns")))
            {
                yield return Line(method, "expected 'null' in <returns> and '?' behind the type, or neither");
            }
            foreach (ParameterDefinition parameter in method.Parameters
                .Where(p => Disagree(p.ParameterType, p, method, Parameter(library, method, p))))
            {
                yield return Line(method, $"'{parameter.Name}': expected 'null' in its text and '?' behind its type, or neither");
            }
        }
        foreach (PropertyDefinition property in library.Properties
            .Where(p => p.GetMethod != null && Disagree(p.PropertyType, p, p.GetMethod, library.Of(p)?.Element("summary"))))
        {
            yield return Line(property, "expected 'null' in its summary and '?' behind its type, or neither");
        }
    }

    /// <summary>How many members each abstract class requires of derived classes; an additional abstract member would break them.</summary>
    public static IEnumerable<string> AbstractMembers(DocumentedLibrary library) => library.Types
        .Where(t => t is { IsAbstract: true, IsSealed: false, IsInterface: false })
        .Select(t => $"{t.Name} {t.Methods.Count(m => m.IsAbstract && DocumentedLibrary.IsVisible(m))}");

    private static IEnumerable<MethodDefinition> Constructors(DocumentedLibrary library) => library.Methods.Where(m => m is { IsConstructor: true, IsPublic: true });

    private static bool HasShorter(MethodDefinition constructor) => constructor.DeclaringType.Methods
        .Any(m => m is { IsConstructor: true, IsStatic: false, IsPublic: true } && m.Parameters.Count < constructor.Parameters.Count);

    private static bool IsOverride(MethodDefinition method) => method is { IsVirtual: true, IsReuseSlot: true };

    private static bool Disagree(TypeReference type, ICustomAttributeProvider place, MethodDefinition method, XElement? text)
    {
        TypeReference referred = type is ByReferenceType reference ? reference.ElementType : type;
        return text != null && !referred.IsValueType && !IsEnum(referred) && SaysNull().IsMatch(text.Value) != IsNullable(place, method);
    }

    /// <summary>The compiler writes 2 for a type that may be null: at that place, or once for a method or type in which most are
    /// alike.</summary>
    private static bool IsNullable(ICustomAttributeProvider place, MethodDefinition method)
    {
        object? own = Argument(place, "NullableAttribute");
        if (own is CustomAttributeArgument[] parts)
        {
            return parts[0].Value is (byte)2;
        }
        for (TypeDefinition? type = method.DeclaringType; own == null && type != null; type = type.DeclaringType)
        {
            own = Argument(method, "NullableContextAttribute") ?? Argument(type, "NullableContextAttribute");
        }
        return own is (byte)2;
    }

    private static object? Argument(ICustomAttributeProvider place, string attribute) =>
        place.CustomAttributes.FirstOrDefault(a => a.AttributeType.Name == attribute)?.ConstructorArguments[0].Value;

    private static bool IsEnum(TypeReference type) => type.Resolve()?.IsEnum ?? false;

    private static bool IsTime(string name, TypeReference type) => type.Name is "Int32" or "Int64" && Time().IsMatch(name);

    private static bool NamesUnit(string text) => Unit().IsMatch(text);

    private static string FirstWords(XElement? text) => string.Join(' ', (text?.Value ?? "").Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Take(12));

    private static XElement? Parameter(DocumentedLibrary library, MethodDefinition method, ParameterDefinition parameter) =>
        library.Of(method)?.Elements("param").FirstOrDefault(e => (string?)e.Attribute("name") == parameter.Name);

    private static string LastWord(string name) => CapitalizedEnd().Match(name).Value.ToLowerInvariant();

    private static string Line(IMemberDefinition member, string rule) => $"{DocumentedLibrary.Id(member)}: {rule}";

    [GeneratedRegex("^(Most|Least|Largest|Smallest|Longest|Shortest|Top|Maximum|Minimum)[A-Z]")]
    private static partial Regex OtherLimit();

    [GeneratedRegex("^(OutCount|UsedCount|SlotsUsed|InUse|LiveObjects|Failures|Refusals|MostCount|PeakCount|MinFreeCount)$")]
    private static partial Regex OtherCount();

    [GeneratedRegex("(Time|Timeout|Timestamp|Period|Delay|Wait|Duration|Now|Age)$|^(time|timeout|timestamp|period|delay|wait|duration|now|age)$")]
    private static partial Regex Time();

    [GeneratedRegex("(milli|micro)seconds", RegexOptions.IgnoreCase)]
    private static partial Regex Unit();

    [GeneratedRegex("thread|synchronized|interrupt|context|lock|immutable", RegexOptions.IgnoreCase)]
    private static partial Regex SpeaksOfThreads();

    [GeneratedRegex(@"(?<!not )\bnull\b", RegexOptions.IgnoreCase)]
    private static partial Regex SaysNull();

    [GeneratedRegex("[A-Z][a-z]+s?$|^[a-z]+$")]
    private static partial Regex CapitalizedEnd();
}
