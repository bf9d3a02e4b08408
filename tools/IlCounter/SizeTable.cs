namespace Carveout.IlCounter;

/// <summary>Prints the static sizes of an assembly's methods.</summary>
internal static class SizeTable
{
    /// <summary>Writes the totals, then one line for each method in the order of the metadata.</summary>
    public static void Write(TextWriter output, RewrittenAssembly assembly)
    {
        int instructions = assembly.Methods.Sum(method => method.Instructions);
        output.WriteLine($"{assembly.FileName}: methods {assembly.Methods.Count}, IL instructions {instructions}");
        output.WriteLine("    IL  bytes  method");
        foreach (var method in assembly.Methods)
            output.WriteLine($"{method.Instructions,6} {method.Bytes,6}  {method.Method}");
    }
}
