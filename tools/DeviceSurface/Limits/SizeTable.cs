namespace Carveout.DeviceSurface;

/// <summary>How full the .pe of several assemblies will be, one a line, within 80 columns.</summary>
internal static class SizeTable
{
    public static void Write(IReadOnlyList<PeTables> assemblies, TextWriter output)
    {
        int width = assemblies.Max(a => a.Name.Length);
        output.WriteLine($"{"".PadRight(width)} {"IL",7} {"byte code",13} {"strings",13}  fullest other table");
        foreach (var assembly in assemblies)
        {
            var other = assembly.Others.MaxBy(t => (double)t.Used / t.Limit)!;
            output.WriteLine(
                $"{assembly.Name.PadRight(width)} {assembly.Il,7:N0} {Share(assembly.ByteCode)} {Share(assembly.Strings)}  {other.Name} {other.Percent} %");
        }
    }

    private static string Share(PeTable table) => $"{table.Used,7:N0} {table.Percent,3} %";
}
