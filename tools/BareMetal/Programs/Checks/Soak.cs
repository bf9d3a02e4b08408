using Internal.Runtime;

namespace Carveout.BareMetal
{
    /// <summary>Runs the same mix as the host, on this machine's memory.</summary>
    internal static class Soak
    {
        internal static int Run()
        {
            var mix = new SoakMix(new DirectMemory(), Machine.CarveoutStart, SoakMix.StandardSeed);
            ManagedHeap.Close();
            mix.Run(SoakMix.StandardOperations);
            mix.Drain();
            Report("checksum", mix.Checksum);
            Report("allocations", (uint)mix.Allocations);
            Report("failures", (uint)mix.Failures);
            Report("frees", (uint)mix.Frees);
            Report("stalls", (uint)mix.Stalls);
            Report("bounced", (uint)mix.Bounced);
            Report("damaged", (uint)mix.Damaged);
            Report("used pages", (uint)mix.UsedPages);
            return mix.Damaged == 0 && mix.UsedPages == 0 ? 0 : 1;
        }

        private static void Report(string what, uint value)
        {
            Semihosting.Write(what);
            Semihosting.Write(" ");
            Semihosting.Write(value);
            Semihosting.Write("\n");
        }
    }
}
