namespace Carveout.BareMetal
{
    /// <summary>What every machine has.</summary>
    internal static class Machine
    {
        /// <summary>The exit code of a program that was stopped, whatever by; its last line says what.</summary>
        private const int Stopped = 70;

        /// <summary>Memory that only the allocator uses: its first address, a multiple of 4 KB.</summary>
        internal static uint CarveoutStart;

        /// <summary>Bytes of it.</summary>
        internal static uint CarveoutSize;

        /// <summary>Says why and ends the machine. Does not return.</summary>
        internal static void Stop(string reason)
        {
            Semihosting.Write(reason);
            Semihosting.Write("\n");
            Semihosting.Exit(Stopped);
        }

        /// <summary>The same, with a number in the middle.</summary>
        internal static void Stop(string before, uint number, string after)
        {
            Semihosting.Write(before);
            Semihosting.Write(number);
            Stop(after);
        }
    }
}
