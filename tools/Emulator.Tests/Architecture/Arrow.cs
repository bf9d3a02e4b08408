namespace Carveout.Emulator.Tests.Architecture;

/// <summary>One use of a type of another folder.</summary>
/// <param name="From">The folder of the user.</param>
/// <param name="Member">The member that uses it, with its type.</param>
/// <param name="To">The folder that is used.</param>
/// <param name="Target">The type that is used.</param>
internal sealed record Arrow(string From, string Member, string To, string Target)
{
    /// <inheritdoc/>
    public override string ToString() => $"{From} → {To}: {Member} uses {Target}";
}
