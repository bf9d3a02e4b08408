namespace Carveout.BareMetal
{
    /// <summary>Prints the core library's arithmetic, texts and copies, for comparison with the host.</summary>
    internal static class Library
    {
        internal static int Run()
        {
            var mix = new LibraryMix(LibraryMix.StandardSeed);
            mix.Run(LibraryMix.StandardRounds);
            Semihosting.Write(mix.Checksum);
            Semihosting.Write("\n");
            return 0;
        }
    }
}
