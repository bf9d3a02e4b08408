using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Carveout.DeviceSurface;

/// <summary>From a type's name in the listings to its handle in one assembly's metadata, and to its place in signatures.</summary>
/// <remarks>Definitions are known before they are emitted, because their rows follow the order of the listing.</remarks>
internal sealed class TypeHandles
{
    private const int FirstRow = 2;                                 // row 1 is <Module>

    private readonly MetadataBuilder _metadata;
    private readonly Surface _surface;
    private readonly Dictionary<string, TypeDefinitionHandle> _definitions = [];
    private readonly Dictionary<string, TypeReferenceHandle> _references = [];
    private readonly Dictionary<string, AssemblyReferenceHandle> _assemblies = [];

    public TypeHandles(MetadataBuilder metadata, Surface surface, IEnumerable<string> definitions)
    {
        _metadata = metadata;
        _surface = surface;
        foreach (string fullName in definitions)
        {
            _definitions.Add(fullName, MetadataTokens.TypeDefinitionHandle(FirstRow + _definitions.Count));
        }
    }

    public TypeDefinitionHandle Definition(string fullName) => _definitions[fullName];

    /// <summary>The definition if the type is of this assembly, else a reference, which is made when first asked for.</summary>
    public EntityHandle Handle(string fullName)
    {
        if (_definitions.TryGetValue(fullName, out var definition))
        {
            return definition;
        }

        if (!_references.TryGetValue(fullName, out var reference))
        {
            reference = AddReference(fullName);
            _references.Add(fullName, reference);
        }

        return reference;
    }

    /// <summary>Writes a type into a signature.</summary>
    /// <param name="encoder">Where it goes.</param>
    /// <param name="name">A C# keyword, a full name or one of <paramref name="typeParameters"/>; with [] behind it, an array.</param>
    /// <param name="typeParameters">Those of the generic delegate that the signature is part of.</param>
    public void Encode(SignatureTypeEncoder encoder, string name, string[] typeParameters)
    {
        if (name.EndsWith("[]", StringComparison.Ordinal))
        {
            Encode(encoder.SZArray(), name[..^2], typeParameters);
        }
        else if (Primitives.TryGetCode(name, out var code))
        {
            encoder.Builder.WriteByte((byte)code);
        }
        else if (Array.IndexOf(typeParameters, name) is >= 0 and int index)
        {
            encoder.GenericTypeParameter(index);
        }
        else
        {
            encoder.Type(Handle(name), _surface.TryGetType(name, out var type) && type.IsValueType);
        }
    }

    private TypeReferenceHandle AddReference(string fullName)
    {
        if (!_surface.TryGetType(fullName, out var type))
        {
            int dot = fullName.LastIndexOf('.');
            return AddReference(Assembly(SuppliedAttributes.Home), fullName[..dot], fullName[(dot + 1)..]);
        }

        EntityHandle scope = type.Outer != null ? Handle(type.Outer.FullName) : Assembly(_surface.ListingOf(type).Name);
        return AddReference(scope, type.Namespace, type.Name);
    }

    private TypeReferenceHandle AddReference(EntityHandle scope, string space, string name) =>
        _metadata.AddTypeReference(scope, space == "" ? default : _metadata.GetOrAddString(space), _metadata.GetOrAddString(name));

    private AssemblyReferenceHandle Assembly(string name)
    {
        if (!_assemblies.TryGetValue(name, out var handle))
        {
            handle = _metadata.AddAssemblyReference(
                _metadata.GetOrAddString(name), ReferenceAssembly.Version, default, default, default, default);
            _assemblies.Add(name, handle);
        }

        return handle;
    }
}
