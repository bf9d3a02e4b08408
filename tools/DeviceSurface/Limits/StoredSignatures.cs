using Mono.Cecil;

namespace Carveout.DeviceSurface;

/// <summary>The table of a .pe with signatures of fields and methods, types of locals, values of attributes and contents of
/// arrays.</summary>
internal static class StoredSignatures
{
    /// <summary>The bytes of a token of up to 14 bits, with the two bits for the kind of type.</summary>
    private const int Token = 2, LargeToken = 4, LargeTokenFrom = 1 << 12;

    /// <summary>An upper bound for what the metadata processor writes, since it reuses a signature that is part of another.</summary>
    public static int SizeOf(StoredMetadata stored)
    {
        int token = Math.Max(stored.Types.Count, stored.TypeReferences.Count) > LargeTokenFrom ? LargeToken : Token;
        var sizes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var field in stored.Fields.Concat(stored.MemberReferences.OfType<FieldReference>()))
        {
            sizes["field " + field.FieldType.FullName] = 1 + SizeOf(field.FieldType, token);
        }

        foreach (var method in stored.Methods.Concat(stored.MemberReferences.OfType<MethodReference>()))
        {
            var types = method.Parameters.Select(p => p.ParameterType).Prepend(method.ReturnType);
            sizes[$"method {method.HasThis} {Names(types)}"] = 2 + types.Sum(t => SizeOf(t, token));
        }

        foreach (var method in stored.Methods.Where(m => m.HasBody))
        {
            var types = method.Body.Variables.Select(v => v.VariableType);
            sizes["locals " + Names(types)] = types.Sum(t => SizeOf(t, token));
        }

        foreach (var type in stored.Types.Where(t => t.HasInterfaces))
        {
            sizes["interfaces " + Names(type.Interfaces.Select(i => i.InterfaceType))] = 1 + (token * type.Interfaces.Count);
        }

        foreach (var attribute in stored.Attributes)
        {
            var values = AttributeValues.Of(attribute).ToList();
            sizes["attribute " + string.Join(", ", values.Select(v => $"{v.Type} {v.Value}"))] = 3 + values.Sum(SizeOf);
        }

        int contents = stored.Fields.Where(f => f.InitialValue.Length > 0).Sum(f => sizeof(ushort) + f.InitialValue.Length);
        return sizes.Values.Sum() + contents;
    }

    private static string Names(IEnumerable<TypeReference> types) => string.Join(", ", types.Select(t => t.FullName));

    private static int SizeOf(TypeReference type, int token) => type switch
    {
        TypeSpecification specification => 1 + SizeOf(specification.ElementType, token),
        { IsPrimitive: true } or { MetadataType: MetadataType.Void or MetadataType.String or MetadataType.Object } => 1,
        _ => 1 + token,
    };

    private static int SizeOf(CustomAttributeArgument argument) => argument.Type.MetadataType switch
    {
        MetadataType.Boolean or MetadataType.SByte or MetadataType.Byte => 2,
        MetadataType.Char or MetadataType.Int16 or MetadataType.UInt16 or MetadataType.String => 3,
        MetadataType.Int64 or MetadataType.UInt64 or MetadataType.Double => 9,
        _ => 5,
    };
}
