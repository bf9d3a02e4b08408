namespace Carveout.DeviceSurface;

/// <summary>How much of a .pe's table an assembly uses.</summary>
/// <param name="Code">One of <see cref="FindingCode"/>, for a table that is too full.</param>
/// <param name="Name">The content of the table.</param>
/// <param name="Used">Bytes, or entries.</param>
/// <param name="Limit">The most that the .pe's indices reach.</param>
/// <param name="Unit">The unit with a blank before it; empty for entries.</param>
internal sealed record PeTable(string Code, string Name, int Used, int Limit, string Unit = "")
{
    private const int WarningPercent = 80, ErrorPercent = 95;

    public int Percent => (int)Math.Round(100.0 * Used / Limit);

    public bool IsNearlyFull => IsAtLeast(WarningPercent);

    public bool IsTooFull => IsAtLeast(ErrorPercent);

    public override string ToString() => $"{Name}: {Used:N0} of the {Limit:N0}{Unit} that a .pe can hold ({Percent} %)";

    private bool IsAtLeast(int percent) => (long)Used * 100 >= (long)Limit * percent;
}
