namespace Carveout.DeviceSurface;

internal enum MemberKind
{
    Field,
    EnumValue,
    Property,
    Event,
    Method,
    Constructor,
}

internal enum Passing
{
    ByValue,
    Ref,
    Out,
    Params,

    /// <summary>The first parameter of an extension method.</summary>
    This,
}

/// <param name="Passing">How the argument is passed.</param>
/// <param name="Type">A C# keyword or a full name.</param>
/// <param name="Name">The name.</param>
/// <param name="Default">The default value as it stands in the listing, or null where the argument is required.</param>
internal sealed record Parameter(Passing Passing, string Type, string Name, string? Default);

/// <summary>One member of a type.</summary>
internal sealed record MemberDeclaration
{
    public required MemberKind Kind { get; init; }

    /// <summary>The line that declares it, as <c>file(line,column)</c>.</summary>
    public required string Place { get; init; }

    /// <summary>Of the field, the property or the event, or the result of the method: a C# keyword or a full name.</summary>
    public required string Type { get; init; }

    /// <summary>As in metadata: <c>.ctor</c> for a constructor, Item or its IndexerName for an indexer.</summary>
    public required string Name { get; init; }

    /// <summary>Of a method, a constructor or an indexer.</summary>
    public IReadOnlyList<Parameter> Parameters { get; init; } = [];

    public Modifiers Modifiers { get; init; }

    public IReadOnlyList<Annotation> Annotations { get; init; } = [];

    /// <summary>The value of a constant as it stands in the listing.</summary>
    public string? Value { get; init; }

    public bool HasGetter { get; init; }

    public bool HasSetter { get; init; }

    public bool IsExtension => Parameters.Count > 0 && Parameters[0].Passing == Passing.This;

    public bool IsIndexer => Kind == MemberKind.Property && Parameters.Count > 0;

    public bool Has(Modifiers modifier) => (Modifiers & modifier) != 0;
}
