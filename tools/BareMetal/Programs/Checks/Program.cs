namespace Carveout.BareMetal
{
    /// <summary>All programs that are compared with the host or with a document, in one image. The last word of the command line selects
    /// one.</summary>
    internal static class Program
    {
        internal static int Main()
        {
            if (Semihosting.CommandLineEndsWith("soak"))
            {
                return Soak.Run();
            }
            if (Semihosting.CommandLineEndsWith("library"))
            {
                return Library.Run();
            }
            return Semihosting.CommandLineEndsWith("costs") ? Costs.Run() : OrderedFault.Run();
        }
    }
}
