using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;

namespace Carveout.DeviceSurface;

/// <summary>Writes one listing as a metadata-only assembly. Methods have no bodies: it is for the compiler, not for a runtime.</summary>
/// <remarks>
/// What a listing does not say and the compiler needs is supplied here: a field in structs that have state (for definite
/// assignment), IsByRefLike, IsReadOnly, DefaultMember, ParamArray, Extension, and the constructor of delegates.
/// </remarks>
internal sealed class ReferenceAssembly
{
    /// <summary>The listings do not say the real versions, and nothing here depends on them.</summary>
    public static readonly Version Version = new(1, 0, 0, 0);

    private const string ExtensionAttribute = "System.Runtime.CompilerServices.ExtensionAttribute";

    private const MethodAttributes ConstructorAttributes = MethodAttributes.SpecialName | MethodAttributes.RTSpecialName;
    private const MethodAttributes NewVirtual = MethodAttributes.Virtual | MethodAttributes.NewSlot;

    private readonly Surface _surface;
    private readonly AssemblyListing _listing;
    private readonly MetadataBuilder _metadata = new();
    private readonly TypeHandles _types;
    private readonly AttributeWriter _attributes;

    private ReferenceAssembly(Surface surface, AssemblyListing listing)
    {
        _surface = surface;
        _listing = listing;
        _types = new TypeHandles(_metadata, surface, listing.Types.Select(t => t.FullName).Concat(Supplied));
        _attributes = new AttributeWriter(_metadata, _types);
    }

    private IReadOnlyList<string> Supplied => _listing.Name == SuppliedAttributes.Home ? SuppliedAttributes.Names : [];

    /// <summary>The assembly's bytes: the same listings always give the same bytes.</summary>
    public static byte[] Emit(Surface surface, AssemblyListing listing) => new ReferenceAssembly(surface, listing).Emit();

    private byte[] Emit()
    {
        var identity = new Guid(SHA256.HashData(_listing.Source).AsSpan(0, 16));
        _metadata.AddModule(0, _metadata.GetOrAddString(_listing.Name + ".dll"), _metadata.GetOrAddGuid(identity), default, default);
        var assembly = _metadata.AddAssembly(
            _metadata.GetOrAddString(_listing.Name), Version, default, default, default, AssemblyHashAlgorithm.None);

        AddTypeDefinition(default, "", "<Module>", default);
        foreach (var type in _listing.Types)
        {
            EmitType(type);
        }

        foreach (string name in Supplied)
        {
            EmitSupplied(name);
        }

        foreach (var type in _listing.Types)
        {
            if (type.Outer != null)
            {
                _metadata.AddNestedType(_types.Definition(type.FullName), _types.Definition(type.Outer.FullName));
            }
        }

        // The compiler looks for extension methods only in assemblies and types that are marked too.
        if (_listing.Types.SelectMany(t => t.Members).Any(m => m.IsExtension))
        {
            _attributes.Write(assembly, ExtensionAttribute);
        }

        var image = new BlobBuilder();
        var builder = new ManagedPEBuilder(
            PEHeaderBuilder.CreateLibraryHeader(),
            new MetadataRootBuilder(_metadata, "v4.0.30319"),
            ilStream: new BlobBuilder(),
            deterministicIdProvider: _ => new BlobContentId(identity, stamp: 1));
        builder.Serialize(image);
        return image.ToArray();
    }

    private void EmitType(TypeDeclaration type)
    {
        var handle = AddTypeDefinition(AttributesOf(type), type.Namespace, type.Name, ParentOf(type, out var interfaces));

        // Metadata wants these sorted by the interface's coded index.
        foreach (var implemented in interfaces.Select(_types.Handle).OrderBy(CodedIndex.TypeDefOrRefOrSpec))
        {
            _metadata.AddInterfaceImplementation(handle, implemented);
        }

        for (int i = 0; i < type.TypeParameters.Length; i++)
        {
            _metadata.AddGenericParameter(handle, default, _metadata.GetOrAddString(type.TypeParameters[i]), i);
        }

        AnnotateType(type, handle);
        EmitFields(type);
        if (type.Kind == TypeKind.Delegate)
        {
            Parameter[] targetAndMethod =
            [
                new(Passing.ByValue, "object", "object", null),
                new(Passing.ByValue, "System.IntPtr", "method", null),
            ];
            var attributes = MethodAttributes.Public | ConstructorAttributes;
            AddMethod(attributes, ".ctor", "void", targetAndMethod, [], MethodImplAttributes.Runtime);
        }

        EmitMethodsPropertiesAndEvents(type, handle);
    }

    private static TypeAttributes AttributesOf(TypeDeclaration type)
    {
        var attributes = type.Outer == null ? TypeAttributes.Public : TypeAttributes.NestedPublic;
        attributes |= type.Kind switch
        {
            TypeKind.Interface => TypeAttributes.Interface | TypeAttributes.Abstract,
            TypeKind.Struct => TypeAttributes.Sealed | TypeAttributes.SequentialLayout,
            TypeKind.Enum or TypeKind.Delegate => TypeAttributes.Sealed,
            _ => default,
        };

        if (type.Has(Modifiers.Abstract | Modifiers.Static))
        {
            attributes |= TypeAttributes.Abstract;
        }

        if (type.Has(Modifiers.Sealed | Modifiers.Static))
        {
            attributes |= TypeAttributes.Sealed;
        }

        return attributes;
    }

    private EntityHandle ParentOf(TypeDeclaration type, out IReadOnlyList<string> interfaces)
    {
        interfaces = type.Kind == TypeKind.Enum ? [] : type.Bases;
        switch (type.Kind)
        {
            case TypeKind.Struct:
                return _types.Handle("System.ValueType");
            case TypeKind.Enum:
                return _types.Handle("System.Enum");
            case TypeKind.Delegate:
                return _types.Handle("System.MulticastDelegate");
            case TypeKind.Interface:
                return default;
            default:
                if (type.FullName == "System.Object")
                {
                    return default;
                }

                if (type.Bases.Count > 0 && _surface.TryGetType(type.Bases[0], out var first) && first.Kind == TypeKind.Class)
                {
                    interfaces = [.. type.Bases.Skip(1)];
                    return _types.Handle(first.FullName);
                }

                return _types.Handle("System.Object");
        }
    }

    private void AnnotateType(TypeDeclaration type, TypeDefinitionHandle handle)
    {
        _attributes.Write(handle, type.Annotations);
        if (type.Has(Modifiers.Ref))
        {
            _attributes.Write(handle, SuppliedAttributes.IsByRefLike);
        }

        if (type.Has(Modifiers.ReadOnly))
        {
            _attributes.Write(handle, SuppliedAttributes.IsReadOnly);
        }

        if (type.Members.Any(m => m.IsExtension))
        {
            _attributes.Write(handle, ExtensionAttribute);
        }

        if (type.Members.FirstOrDefault(m => m.IsIndexer) is { } indexer)
        {
            _attributes.Write(handle, "System.Reflection.DefaultMemberAttribute", [("string", indexer.Name)], []);
        }
    }

    private void EmitSupplied(string fullName)
    {
        int dot = fullName.LastIndexOf('.');
        AddTypeDefinition(TypeAttributes.Sealed, fullName[..dot], fullName[(dot + 1)..], _types.Handle("System.Attribute"));
        AddMethod(MethodAttributes.Public | ConstructorAttributes, ".ctor", "void", [], []);
    }

    private void EmitFields(TypeDeclaration type)
    {
        if (type.Kind == TypeKind.Enum)
        {
            var attributes = FieldAttributes.Public | FieldAttributes.SpecialName | FieldAttributes.RTSpecialName;
            AddField(attributes, type.Bases[0], "value__");
        }

        if (NeedsStateField(type))
        {
            AddField(FieldAttributes.Private, "int", "_state");
        }

        foreach (var member in type.Members.Where(m => m.Kind is MemberKind.Field or MemberKind.EnumValue))
        {
            EmitField(member);
        }
    }

    /// <summary>Listings have no private fields, but a struct without any field would need no assignment before its use.</summary>
    private static bool NeedsStateField(TypeDeclaration type) =>
        type.Kind == TypeKind.Struct
        && !Primitives.IsKnownStruct(type.FullName)
        && !type.Annotations.OfType<Annotation.Empty>().Any()
        && !type.Members.Any(m => m.Kind == MemberKind.Field && !m.Has(Modifiers.Static | Modifiers.Const));

    private void EmitField(MemberDeclaration member)
    {
        var attributes = member.Has(Modifiers.Protected) ? FieldAttributes.Family : FieldAttributes.Public;
        if (member.Has(Modifiers.Static))
        {
            attributes |= FieldAttributes.Static;
        }

        if (member.Has(Modifiers.ReadOnly))
        {
            attributes |= FieldAttributes.InitOnly;
        }

        if (member.Has(Modifiers.Const))
        {
            attributes |= FieldAttributes.Static | FieldAttributes.Literal | FieldAttributes.HasDefault;
        }

        var handle = AddField(attributes, member.Type, member.Name);
        if (member.Value != null)
        {
            _metadata.AddConstant(handle, _surface.Constant(member.Type, member.Value));
        }

        _attributes.Write(handle, member.Annotations);
    }

    private void EmitMethodsPropertiesAndEvents(TypeDeclaration type, TypeDefinitionHandle handle)
    {
        bool hasPropertyMap = false;
        bool hasEventMap = false;
        foreach (var member in type.Members)
        {
            switch (member.Kind)
            {
                case MemberKind.Method or MemberKind.Constructor:
                    EmitMethod(type, member);
                    break;
                case MemberKind.Property:
                    var property = EmitProperty(type, member);
                    if (!hasPropertyMap)
                    {
                        _metadata.AddPropertyMap(handle, property);
                        hasPropertyMap = true;
                    }

                    break;
                case MemberKind.Event:
                    var added = EmitEvent(type, member);
                    if (!hasEventMap)
                    {
                        _metadata.AddEventMap(handle, added);
                        hasEventMap = true;
                    }

                    break;
                default:
                    break;                                          // fields stand in front of all methods
            }
        }
    }

    private void EmitMethod(TypeDeclaration type, MemberDeclaration member)
    {
        var attributes = AttributesOf(type, member);
        if (member.Kind == MemberKind.Constructor)
        {
            attributes |= ConstructorAttributes;
        }

        if (member.Name.StartsWith("op_", StringComparison.Ordinal))
        {
            attributes |= MethodAttributes.SpecialName;
        }

        var implementation = MethodImplAttributes.IL;
        if (type.Kind == TypeKind.Delegate)
        {
            attributes |= NewVirtual;
            implementation = MethodImplAttributes.Runtime;
        }

        var handle = AddMethod(attributes, member.Name, member.Type, member.Parameters, type.TypeParameters, implementation);
        _attributes.Write(handle, member.Annotations);
        if (member.IsExtension)
        {
            _attributes.Write(handle, ExtensionAttribute);
        }
    }

    private PropertyDefinitionHandle EmitProperty(TypeDeclaration type, MemberDeclaration member)
    {
        var signature = new BlobBuilder();
        new BlobEncoder(signature).PropertySignature(isInstanceProperty: !member.Has(Modifiers.Static))
            .Parameters(member.Parameters.Count, out var result, out var parameters);
        _types.Encode(result.Type(), member.Type, []);
        foreach (var parameter in member.Parameters)
        {
            _types.Encode(parameters.AddParameter().Type(), parameter.Type, []);
        }

        var handle = _metadata.AddProperty(default, _metadata.GetOrAddString(member.Name), _metadata.GetOrAddBlob(signature));
        _attributes.Write(handle, member.Annotations);

        var attributes = AttributesOf(type, member) | MethodAttributes.SpecialName;
        if (member.HasGetter)
        {
            var getter = AddMethod(attributes, "get_" + member.Name, member.Type, member.Parameters, []);
            _metadata.AddMethodSemantics(handle, MethodSemanticsAttributes.Getter, getter);
        }

        if (member.HasSetter)
        {
            var setter = AddMethod(attributes, "set_" + member.Name, "void", [.. member.Parameters, ValueOf(member)], []);
            _metadata.AddMethodSemantics(handle, MethodSemanticsAttributes.Setter, setter);
        }

        return handle;
    }

    private EventDefinitionHandle EmitEvent(TypeDeclaration type, MemberDeclaration member)
    {
        var handle = _metadata.AddEvent(default, _metadata.GetOrAddString(member.Name), _types.Handle(member.Type));
        var attributes = AttributesOf(type, member) | MethodAttributes.SpecialName;
        var adder = AddMethod(attributes, "add_" + member.Name, "void", [ValueOf(member)], []);
        _metadata.AddMethodSemantics(handle, MethodSemanticsAttributes.Adder, adder);
        var remover = AddMethod(attributes, "remove_" + member.Name, "void", [ValueOf(member)], []);
        _metadata.AddMethodSemantics(handle, MethodSemanticsAttributes.Remover, remover);
        return handle;
    }

    private static Parameter ValueOf(MemberDeclaration member) => new(Passing.ByValue, member.Type, "value", null);

    private static MethodAttributes AttributesOf(TypeDeclaration type, MemberDeclaration member)
    {
        var attributes = MethodAttributes.HideBySig;
        attributes |= member.Has(Modifiers.Protected) ? MethodAttributes.Family : MethodAttributes.Public;
        if (member.Has(Modifiers.Static))
        {
            return attributes | MethodAttributes.Static;
        }

        if (type.Kind == TypeKind.Interface || member.Has(Modifiers.Abstract))
        {
            return attributes | MethodAttributes.Abstract | NewVirtual;
        }

        if (member.Has(Modifiers.Virtual))
        {
            return attributes | NewVirtual;
        }

        return member.Has(Modifiers.Override) ? attributes | MethodAttributes.Virtual : attributes;
    }

    /// <summary>The type owns the fields and methods that are added after it, up to the next type.</summary>
    private TypeDefinitionHandle AddTypeDefinition(TypeAttributes attributes, string space, string name, EntityHandle parent) =>
        _metadata.AddTypeDefinition(
            attributes,
            space == "" ? default : _metadata.GetOrAddString(space),
            _metadata.GetOrAddString(name),
            parent,
            MetadataTokens.FieldDefinitionHandle(_metadata.GetRowCount(TableIndex.Field) + 1),
            MetadataTokens.MethodDefinitionHandle(_metadata.GetRowCount(TableIndex.MethodDef) + 1));

    private FieldDefinitionHandle AddField(FieldAttributes attributes, string type, string name)
    {
        var signature = new BlobBuilder();
        _types.Encode(new BlobEncoder(signature).Field().Type(), type, []);
        return _metadata.AddFieldDefinition(attributes, _metadata.GetOrAddString(name), _metadata.GetOrAddBlob(signature));
    }

    private MethodDefinitionHandle AddMethod(
        MethodAttributes attributes,
        string name,
        string result,
        IReadOnlyList<Parameter> parameters,
        string[] typeParameters,
        MethodImplAttributes implementation = MethodImplAttributes.IL)
    {
        const int NoBody = -1;
        var firstParameter = MetadataTokens.ParameterHandle(_metadata.GetRowCount(TableIndex.Param) + 1);
        for (int i = 0; i < parameters.Count; i++)
        {
            AddParameter(parameters[i], sequenceNumber: i + 1);
        }

        var signature = new BlobBuilder();
        new BlobEncoder(signature).MethodSignature(isInstanceMethod: (attributes & MethodAttributes.Static) == 0)
            .Parameters(parameters.Count, out var resultEncoder, out var parameterEncoder);
        _types.Encode(resultEncoder.Type(), result, typeParameters);
        foreach (var parameter in parameters)
        {
            bool isByRef = parameter.Passing is Passing.Ref or Passing.Out;
            _types.Encode(parameterEncoder.AddParameter().Type(isByRef), parameter.Type, typeParameters);
        }

        return _metadata.AddMethodDefinition(
            attributes,
            implementation,
            _metadata.GetOrAddString(name),
            _metadata.GetOrAddBlob(signature),
            NoBody,
            firstParameter);
    }

    private void AddParameter(Parameter parameter, int sequenceNumber)
    {
        var attributes = parameter.Passing == Passing.Out ? ParameterAttributes.Out : ParameterAttributes.None;
        if (parameter.Default != null)
        {
            attributes |= ParameterAttributes.Optional | ParameterAttributes.HasDefault;
        }

        var handle = _metadata.AddParameter(attributes, _metadata.GetOrAddString(parameter.Name), sequenceNumber);
        if (parameter.Default != null)
        {
            _metadata.AddConstant(handle, _surface.Constant(parameter.Type, parameter.Default));
        }

        if (parameter.Passing == Passing.Params)
        {
            _attributes.Write(handle, "System.ParamArrayAttribute");
        }
    }
}
