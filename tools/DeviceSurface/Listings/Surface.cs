using System.Diagnostics.CodeAnalysis;

namespace Carveout.DeviceSurface;

/// <summary>All listings together: a type's name alone says which assembly it comes from.</summary>
/// <remarks>Once loaded, every name in it is declared and every constant can be read: what uses it need not look again.</remarks>
internal sealed class Surface
{
    private readonly Dictionary<string, TypeDeclaration> _types = [];
    private readonly Dictionary<TypeDeclaration, AssemblyListing> _owners = [];

    private Surface(IReadOnlyList<AssemblyListing> assemblies) => Assemblies = assemblies;

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<AssemblyListing> Assemblies { get; }

    /// <summary>Reads every listing (*.txt) of a folder.</summary>
    /// <exception cref="ListingException">A line cannot be read, or names what no listing declares.</exception>
    public static Surface Load(string folder)
    {
        var paths = Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal);
        var surface = new Surface([.. paths.Select(ListingParser.Parse)]);
        foreach (var listing in surface.Assemblies)
        {
            foreach (var type in listing.Types)
            {
                surface.Declare(type, listing);
            }
        }

        foreach (var type in surface._types.Values)
        {
            surface.FindOuter(type);
        }

        foreach (var type in surface._types.Values)
        {
            surface.Verify(type);
        }

        return surface;
    }

    public bool TryGetType(string fullName, [NotNullWhen(true)] out TypeDeclaration? type) => _types.TryGetValue(fullName, out type);

    public AssemblyListing ListingOf(TypeDeclaration type) => _owners[type];

    /// <summary>The value of a constant of a primitive type or an enum; null for a reference.</summary>
    public object? Constant(string type, string text)
    {
        if (text == "null")
        {
            return null;
        }

        bool isEnum = _types.TryGetValue(type, out var declared) && declared.Kind == TypeKind.Enum;
        return Primitives.ParseConstant(isEnum ? declared!.Bases[0] : type, text);
    }

    private void Declare(TypeDeclaration type, AssemblyListing listing)
    {
        if (!_types.TryAdd(type.FullName, type))
        {
            throw new ListingException(type.Place, $"{type.FullName} is declared twice; first at {_types[type.FullName].Place}");
        }

        _owners.Add(type, listing);
    }

    private void FindOuter(TypeDeclaration type)
    {
        for (int dot = type.FullName.LastIndexOf('.'); dot > 0; dot = type.FullName.LastIndexOf('.', dot - 1))
        {
            if (_types.TryGetValue(type.FullName[..dot], out var outer) && _owners[outer] == _owners[type])
            {
                type.Outer = outer;
                return;
            }
        }
    }

    private void Verify(TypeDeclaration type)
    {
        foreach (string name in type.Bases)
        {
            VerifyName(name, type, type.Place);
        }

        foreach (var member in type.Members)
        {
            bool hasResult = member.Type != "void" || member.Kind is not (MemberKind.Method or MemberKind.Constructor);
            if (hasResult)
            {
                VerifyName(member.Type, type, member.Place);
            }

            VerifyConstant(member.Type, member.Value, member.Place);
            foreach (var parameter in member.Parameters)
            {
                VerifyName(parameter.Type, type, member.Place);
                VerifyConstant(parameter.Type, parameter.Default, member.Place);
            }
        }
    }

    private void VerifyName(string name, TypeDeclaration context, string place)
    {
        while (name.EndsWith("[]", StringComparison.Ordinal))
        {
            name = name[..^2];
        }

        if (name == "void")
        {
            throw new ListingException(place, "void is only the result of a method");
        }

        if (!Primitives.TryGetCode(name, out _) && !context.TypeParameters.Contains(name) && !_types.ContainsKey(name))
        {
            throw new ListingException(place, $"no listing declares the type {name}");
        }
    }

    private void VerifyConstant(string type, string? text, string place)
    {
        if (text == null)
        {
            return;
        }

        try
        {
            Constant(type, text);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new ListingException(place, $"{text} is no constant of type {type}");
        }
    }
}
