namespace Carveout.DeviceRun;

/// <summary>The user's CLR for computers: the .NET tool nanoclr, or the program that nf-interpreter's targets/posix makes.</summary>
internal sealed class Runtime(Tool clr, string[] arguments, TimeSpan limit)
{
    /// <summary>Runs assemblies.</summary>
    /// <param name="assemblies">The .pe files, the lowest first.</param>
    /// <param name="line">Gets the lines of the console.</param>
    /// <returns>The exit code; null where it had to be stopped.</returns>
    public int? Run(IEnumerable<string> assemblies, Action<string> line)
    {
        // nanoclr has commands; the other takes files, and anything else by itself.
        bool isTool = Path.GetFileNameWithoutExtension(clr.Path).Equals("nanoclr", StringComparison.OrdinalIgnoreCase);
        return clr.Run([.. isTool ? ["run", "--assemblies"] : (string[])[], .. assemblies, .. arguments], limit, line);
    }
}
