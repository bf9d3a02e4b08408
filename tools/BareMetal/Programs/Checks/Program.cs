namespace Carveout.BareMetal
{
    /// <summary>All that a machine can run, in one image: what is compared with the host or with a document and, where the machine has the devices
    /// for it, a demonstration. The last word of the command line selects one.</summary>
    internal static class Program
    {
        internal static int Main()
        {
#if DEMONSTRATION
            if (Demonstration.IsAskedFor())
            {
                return Demonstration.Run();
            }
#endif
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
