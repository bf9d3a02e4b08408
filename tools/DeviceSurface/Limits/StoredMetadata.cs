using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Carveout.DeviceSurface;

/// <summary>The part of an assembly's metadata that goes into the .pe. Constants, properties, events, parameters' names, attributes of the
/// assembly, attributes that only a compiler reads, and the types that it embeds for those do not.</summary>
internal sealed class StoredMetadata
{
    /// <summary>The attributes of types, fields and methods that the metadata processor drops.</summary>
    private static readonly HashSet<string> s_droppedAttributes =
    [
        "AttributeUsageAttribute", "CLSCompliantAttribute", "ConditionalAttribute", "DebuggerBrowsableAttribute", "DebuggerDisplayAttribute",
        "DebuggerHiddenAttribute", "DebuggerNonUserCodeAttribute", "DebuggerStepThroughAttribute", "DefaultMemberAttribute",
        "EditorBrowsableAttribute", "ExtensionAttribute", "FlagsAttribute", "MTAThreadAttribute", "NullableAttribute", "NullableContextAttribute",
        "ObsoleteAttribute", "STAThreadAttribute",
    ];

    public StoredMetadata(ModuleDefinition module)
    {
        Module = module;
        Types = [.. module.GetTypes().Where(t => t.Name != "<Module>" && !IsEmbedded(t))];
        Fields = [.. Types.SelectMany(t => t.Fields).Where(f => !f.HasConstant)];
        Methods = [.. Types.SelectMany(t => t.Methods)];
        Attributes = [.. Types.Concat<ICustomAttributeProvider>(Fields).Concat(Methods)
            .SelectMany(m => m.CustomAttributes)
            .Where(a => !s_droppedAttributes.Contains(a.AttributeType.Name))];
        Instructions = [.. Methods.Where(m => m.HasBody).SelectMany(m => m.Body.Instructions)];

        // A reference that only a dropped attribute needs is dropped with it.
        var dropped = AllAttributes(module).Except(Attributes).Select(a => a.AttributeType.FullName).ToHashSet();
        dropped.ExceptWith(Attributes.Select(a => a.AttributeType.FullName));
        TypeReferences = [.. module.GetTypeReferences().Where(t => !dropped.Contains(t.FullName))];
        MemberReferences = [.. module.GetMemberReferences().Where(m => !dropped.Contains(m.DeclaringType.FullName))];
    }

    public ModuleDefinition Module { get; }

    public IReadOnlyList<TypeDefinition> Types { get; }

    public IReadOnlyList<FieldDefinition> Fields { get; }

    public IReadOnlyList<MethodDefinition> Methods { get; }

    public IReadOnlyList<CustomAttribute> Attributes { get; }

    public IReadOnlyList<Instruction> Instructions { get; }

    public IReadOnlyList<TypeReference> TypeReferences { get; }

    public IReadOnlyList<MemberReference> MemberReferences { get; }

    /// <summary>How many arrays and similar types instructions name.</summary>
    public int TypeSpecifications => Instructions.Select(i => i.Operand).OfType<TypeSpecification>().Select(t => t.FullName).Distinct().Count();

    /// <summary>Whether the compiler made it to say what may be null. A library names these for the metadata processor to leave out
    /// (Library.props).</summary>
    private static bool IsEmbedded(TypeDefinition type) =>
        type.CustomAttributes.Any(a => a.AttributeType.FullName == "Microsoft.CodeAnalysis.EmbeddedAttribute");

    private static IEnumerable<CustomAttribute> AllAttributes(ModuleDefinition module)
    {
        var types = module.GetTypes().ToList();
        var methods = types.SelectMany(t => t.Methods).ToList();
        IEnumerable<ICustomAttributeProvider> all =
        [
            module, module.Assembly, .. types, .. methods, .. types.SelectMany(t => t.Fields), .. types.SelectMany(t => t.Properties),
            .. types.SelectMany(t => t.Events), .. methods.SelectMany(m => m.Parameters), .. methods.Select(m => m.MethodReturnType),
        ];
        return all.SelectMany(p => p.CustomAttributes);
    }
}
