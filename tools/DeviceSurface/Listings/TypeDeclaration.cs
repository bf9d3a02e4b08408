namespace Carveout.DeviceSurface;

internal enum TypeKind
{
    Class,
    Struct,
    Interface,
    Enum,
    Delegate,
}

/// <summary>One type of a listing. A delegate has a single member, its Invoke method.</summary>
internal sealed class TypeDeclaration
{
    public required TypeKind Kind { get; init; }

    /// <summary>With the namespace and the outer type, and with the arity of a generic delegate: <c>System.Action`1</c>.</summary>
    public required string FullName { get; init; }

    /// <summary>The line that declares it, as <c>file(line,column)</c>.</summary>
    public required string Place { get; init; }

    public Modifiers Modifiers { get; init; }

    public IReadOnlyList<Annotation> Annotations { get; init; } = [];

    /// <summary>The base class, if it is not the usual one, and the interfaces; of an enum the underlying type.</summary>
    public IReadOnlyList<string> Bases { get; init; } = [];

    /// <summary>Of a generic delegate. The listing gives no order; it is that of first use.</summary>
    public string[] TypeParameters { get; init; } = [];

    public List<MemberDeclaration> Members { get; } = [];

    /// <summary>The type that it is nested in. Known only when the whole surface has been read.</summary>
    public TypeDeclaration? Outer { get; set; }

    public string Name => FullName[(Outer == null ? FullName.LastIndexOf('.') + 1 : Outer.FullName.Length + 1)..];

    /// <summary>Empty for a nested type, as in metadata.</summary>
    public string Namespace => Outer == null ? FullName[..Math.Max(0, FullName.LastIndexOf('.'))] : "";

    public bool IsValueType => Kind is TypeKind.Struct or TypeKind.Enum;

    public bool Has(Modifiers modifier) => (Modifiers & modifier) != 0;
}
