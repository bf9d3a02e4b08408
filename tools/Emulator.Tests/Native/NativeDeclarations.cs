using System.Text;
using Mono.Cecil;

namespace Carveout.Emulator.Tests.Native;

/// <summary>Computes what nanoFramework's metadata processor makes of an assembly's native methods: names, their order, and the checksum by
/// which the runtime knows that firmware and assembly fit.</summary>
/// <remarks>
/// Facts from github.com/nanoframework/metadata-processor: NativeMethodsCrc.cs (names, checksum), nanoTablesContext.cs (order: types by
/// their full names; of a type first the virtual methods, then the other instance methods, then the static ones), Crc32.cs. Types that use
/// each other in signatures have another order; there are none here.
/// </remarks>
internal static class NativeDeclarations
{
    /// <summary>One method.</summary>
    /// <param name="Class">The class's name in C++; empty for a method that is not native.</param>
    /// <param name="Method">The method's name in C++; empty for a method that is not native.</param>
    public readonly record struct Row(string Class, string Method)
    {
        /// <summary>A method that has IL.</summary>
        public static Row Managed { get; } = new("", "");

        public bool IsNative => Class != "";
    }

    /// <summary>How a version of the metadata processor computes the checksum.</summary>
    public enum Rule
    {
        /// <summary>Versions that print <c>NULL</c> in the table use that word for each managed method. The first word that counts is the
        /// first native method's name, because the getter of the checksum returns 0 until one native method is complete.</summary>
        Null,

        /// <summary>In versions that print <c>nullptr</c> every word counts, and that word comes after every method, native or
        /// managed.</summary>
        NullPtr,
    }

    private static readonly Dictionary<string, string> s_types = new()
    {
        ["System.Void"] = "VOID", ["System.Boolean"] = "BOOLEAN", ["System.Byte"] = "U1", ["System.Int32"] = "I4", ["System.UInt32"] = "U4",
    };

    /// <summary>Every method of an assembly, in the order of the table. The metadata processor leaves out what the compiler embeds
    /// (Library.props).</summary>
    public static Row[] Of(AssemblyDefinition assembly) =>
    [
        .. assembly.MainModule.GetTypes()
            .Where(type => type.Name != "<Module>"
                && !type.CustomAttributes.Any(a => a.AttributeType.FullName == "Microsoft.CodeAnalysis.EmbeddedAttribute"))
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .SelectMany(type => type.Methods.Where(m => m.IsVirtual).Concat(type.Methods.Where(m => !m.IsVirtual && !m.IsStatic))
                .Concat(type.Methods.Where(m => m.IsStatic)))
            .Select(method => method.RVA != 0 || method.IsAbstract
                ? Row.Managed
                : new Row(method.DeclaringType.FullName.Replace('.', '_'), NameOf(method))),
    ];

    public static uint Checksum(string assembly, IEnumerable<Row> rows, Rule rule)
    {
        uint sum = 0;
        bool hasNative = rule == Rule.NullPtr;
        foreach (Row row in rows)
        {
            if (row.IsNative)
            {
                sum = hasNative ? Add(Add(Add(sum, assembly), row.Class), row.Method) : Add(0, row.Method);
                hasNative = true;
            }
            if (rule == Rule.NullPtr)
            {
                sum = Add(sum, "nullptr");
            }
            else if (!row.IsNative && hasNative)
            {
                sum = Add(sum, "NULL");
            }
        }
        return sum;
    }

    private static string NameOf(MethodDefinition method) => method.Name + (method.IsStatic ? "___STATIC__" : "___")
        + string.Join("__", method.Parameters.Select(p => p.ParameterType).Prepend(method.ReturnType).Select(NameOf));

    private static string NameOf(TypeReference type) => type.IsArray ? "SZARRAY_" + NameOf(type.GetElementType()) : s_types[type.FullName];

    /// <summary>CRC-32 of IEEE 802.3, most significant bit first, beginning with 0 and not inverted.</summary>
    private static uint Add(uint sum, string text)
    {
        foreach (byte b in Encoding.ASCII.GetBytes(text))
        {
            sum ^= (uint)b << 24;
            for (int i = 0; i < 8; i++)
            {
                sum = (sum & 0x80000000) != 0 ? (sum << 1) ^ 0x04C11DB7 : sum << 1;
            }
        }
        return sum;
    }
}
