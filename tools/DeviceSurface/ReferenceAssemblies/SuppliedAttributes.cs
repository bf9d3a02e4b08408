namespace Carveout.DeviceSurface;

/// <summary>Attributes that the compiler reads and no listing declares: in nanoFramework's mscorlib they are internal.</summary>
internal static class SuppliedAttributes
{
    public const string IsByRefLike = "System.Runtime.CompilerServices.IsByRefLikeAttribute";
    public const string IsReadOnly = "System.Runtime.CompilerServices.IsReadOnlyAttribute";

    /// <summary>The assembly that gets them.</summary>
    public const string Home = "mscorlib";

    public static IReadOnlyList<string> Names { get; } = [IsByRefLike, IsReadOnly];
}
