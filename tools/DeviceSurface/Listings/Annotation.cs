namespace Carveout.DeviceSurface;

/// <summary>What stands in brackets in front of a declaration: the attributes that change what the compiler accepts.</summary>
internal abstract record Annotation
{
    /// <summary><c>[AttributeUsage(TARGETS, NAME = true|false)]</c>; targets as a number.</summary>
    public sealed record AttributeUsage(int Targets, IReadOnlyList<(string Name, bool Value)> Options) : Annotation;

    /// <summary><c>[Conditional("SYMBOL")]</c>: calls vanish where the symbol is not defined.</summary>
    public sealed record Conditional(string Symbol) : Annotation;

    /// <summary><c>[Obsolete]</c>, or <c>[Obsolete(error)]</c> where the use is an error.</summary>
    public sealed record Obsolete(bool IsError) : Annotation;

    /// <summary><c>[IndexerName("NAME")]</c>: the metadata name of an indexer that is not called Item.</summary>
    public sealed record IndexerName(string Name) : Annotation;

    /// <summary><c>[Empty]</c>: a struct without instance state, which definite assignment takes for assigned.</summary>
    public sealed record Empty : Annotation;
}
