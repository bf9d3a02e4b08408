namespace Carveout.DeviceRun;

/// <summary>The user's CLR for computers: the .NET tool nanoclr, or the program that nf-interpreter's targets/posix builds.</summary>
internal sealed class Runtime(Tool clr, string[] arguments, TimeSpan limit)
{
    /// <summary>Runs assemblies.</summary>
    /// <param name="assemblies">The .pe files, in the order of loading.</param>
    /// <param name="line">Receives the lines of the console.</param>
    /// <returns>The exit code; null if it had to be stopped.</returns>
    public int? Run(IEnumerable<string> assemblies, Action<string> line)
    {
        // nanoclr has commands; the other program takes only files.
        bool isTool = Path.GetFileNameWithoutExtension(clr.Path).Equals("nanoclr", StringComparison.OrdinalIgnoreCase);
        return clr.Run([.. isTool ? ["run", "--assemblies"] : (string[])[], .. assemblies, .. arguments], limit, line);
    }
}
