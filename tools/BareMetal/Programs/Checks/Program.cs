namespace Carveout.BareMetal
{
    /// <summary>What is held against the host or against a document, in one image: the command line's last word chooses.</summary>
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
