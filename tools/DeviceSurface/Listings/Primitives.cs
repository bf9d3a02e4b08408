using System.Globalization;
using System.Reflection.Metadata;

namespace Carveout.DeviceSurface;

/// <summary>The types that metadata has a code for, and the constants that it can hold of them.</summary>
internal static class Primitives
{
    private static readonly Dictionary<string, SignatureTypeCode> _codes = new()
    {
        ["void"] = SignatureTypeCode.Void,
        ["bool"] = SignatureTypeCode.Boolean,
        ["char"] = SignatureTypeCode.Char,
        ["sbyte"] = SignatureTypeCode.SByte,
        ["byte"] = SignatureTypeCode.Byte,
        ["short"] = SignatureTypeCode.Int16,
        ["ushort"] = SignatureTypeCode.UInt16,
        ["int"] = SignatureTypeCode.Int32,
        ["uint"] = SignatureTypeCode.UInt32,
        ["long"] = SignatureTypeCode.Int64,
        ["ulong"] = SignatureTypeCode.UInt64,
        ["float"] = SignatureTypeCode.Single,
        ["double"] = SignatureTypeCode.Double,
        ["string"] = SignatureTypeCode.String,
        ["object"] = SignatureTypeCode.Object,
        ["System.TypedReference"] = SignatureTypeCode.TypedReference,
        ["System.IntPtr"] = SignatureTypeCode.IntPtr,
        ["System.UIntPtr"] = SignatureTypeCode.UIntPtr,
    };

    private static readonly HashSet<string> _structs =
    [
        "System.Void", "System.Boolean", "System.Char", "System.SByte", "System.Byte", "System.Int16", "System.UInt16",
        "System.Int32", "System.UInt32", "System.Int64", "System.UInt64", "System.Single", "System.Double",
        "System.IntPtr", "System.UIntPtr", "System.TypedReference",
    ];

    /// <summary>The code that stands for a type in signatures.</summary>
    public static bool TryGetCode(string type, out SignatureTypeCode code) => _codes.TryGetValue(type, out code);

    /// <summary>Whether the compiler knows what is inside this struct without seeing a field.</summary>
    public static bool IsKnownStruct(string fullName) => _structs.Contains(fullName);

    /// <summary>Reads a constant of a listing.</summary>
    /// <param name="type">A C# keyword; not an enum.</param>
    /// <param name="text">The constant; a char is written as a number.</param>
    /// <exception cref="FormatException">The text is no constant of that type, or the type has none.</exception>
    /// <exception cref="OverflowException">The number does not fit into the type.</exception>
    public static object ParseConstant(string type, string text)
    {
        var culture = CultureInfo.InvariantCulture;
        return type switch
        {
            "string" => text is ['"', .. var content, '"'] ? content : throw new FormatException(),
            "bool" => bool.Parse(text),
            "char" => (char)ushort.Parse(text, culture),
            "sbyte" => sbyte.Parse(text, culture),
            "byte" => byte.Parse(text, culture),
            "short" => short.Parse(text, culture),
            "ushort" => ushort.Parse(text, culture),
            "int" => int.Parse(text, culture),
            "uint" => uint.Parse(text, culture),
            "long" => long.Parse(text, culture),
            "ulong" => ulong.Parse(text, culture),
            "float" => float.Parse(text, culture),
            "double" => double.Parse(text, culture),
            _ => throw new FormatException(),
        };
    }
}
