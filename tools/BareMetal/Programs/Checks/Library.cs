namespace Carveout.BareMetal
{
    /// <summary>The core library's arithmetic, texts and copies, for the host to compare.</summary>
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
