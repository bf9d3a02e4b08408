namespace Carveout.DeviceSurface;

/// <summary>A table of how full the .pe files of several assemblies will be, one assembly a line, within 80 columns.</summary>
internal static class SizeTable
{
    public static void Write(IReadOnlyList<(string Path, PeTables Tables)> assemblies, TextWriter output)
    {
        // nanoFramework's test adapter needs all test assemblies to have the same name.
        string[] labels = [.. assemblies.Select(a =>
            assemblies.Count(other => other.Tables.Name == a.Tables.Name) == 1 ? a.Tables.Name : $"{a.Tables.Name} {ProjectFolder(a.Path)}")];
        int width = labels.Max(l => l.Length);
        output.WriteLine($"{"".PadRight(width)} {"IL",7} {"byte code",13} {"strings",13}  fullest other");
        foreach (var (label, tables) in labels.Zip(assemblies.Select(a => a.Tables)))
        {
            var other = tables.Others.MaxBy(t => (double)t.Used / t.Limit)!;
            output.WriteLine(
                $"{label.PadRight(width)} {tables.Il,7:N0} {Share(tables.ByteCode)} {Share(tables.Strings)}  {other.Name} {other.Percent} %");
        }
    }

    /// <summary>The folder of the assembly's project, without the folders that a build adds.</summary>
    private static string ProjectFolder(string path) =>
        Path.GetDirectoryName(Path.GetFullPath(path))!.Split(Path.DirectorySeparatorChar).TakeWhile(part => part != "bin").Last();

    private static string Share(PeTable table) => $"{table.Used,7:N0} {table.Percent,3} %";
}
