namespace Carveout.IlCounter;

/// <summary>What a run has executed; or, as the difference of two readings, what ran between them.</summary>
/// <param name="Instructions">
/// IL instructions of original method bodies, including prefixes and nop, each counted once per execution: what an interpreter dispatches.
/// </param>
/// <param name="ArrayAccesses">How many of these are ldelem, stelem (of any type) and ldelema. Not ldlen, which reads a header.</param>
/// <param name="FieldAccesses">How many of these are ldfld, ldflda, stfld and the same for static fields.</param>
/// <param name="Calls">How many of these are call, callvirt, calli and newobj, whether or not the callee is instrumented.</param>
public readonly record struct IlCount(long Instructions, long ArrayAccesses, long FieldAccesses, long Calls)
{
    /// <summary>What was executed after <paramref name="earlier"/> and up to <paramref name="later"/>.</summary>
    public static IlCount operator -(IlCount later, IlCount earlier) => new(
        later.Instructions - earlier.Instructions,
        later.ArrayAccesses - earlier.ArrayAccesses,
        later.FieldAccesses - earlier.FieldAccesses,
        later.Calls - earlier.Calls);

    /// <summary>What both executed together.</summary>
    public static IlCount operator +(IlCount left, IlCount right) => new(
        left.Instructions + right.Instructions,
        left.ArrayAccesses + right.ArrayAccesses,
        left.FieldAccesses + right.FieldAccesses,
        left.Calls + right.Calls);

    /// <summary>For example <c>32 IL, 5 array, 2 field, 1 call</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Instructions} IL, {ArrayAccesses} array, {FieldAccesses} field, {Calls} call");
}
