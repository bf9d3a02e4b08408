namespace Carveout.BareMetal
{
    /// <summary>What every machine provides.</summary>
    internal static class Machine
    {
        /// <summary>The exit code of a program that was stopped, for any reason; its last line has the reason.</summary>
        private const int Stopped = 70;

        /// <summary>First address of the memory that only the allocator uses, a multiple of 4 KB.</summary>
        internal static uint CarveoutStart;

        /// <summary>Bytes of that memory.</summary>
        internal static uint CarveoutSize;

        /// <summary>Prints the reason and ends the machine. Does not return.</summary>
        internal static void Stop(string reason)
        {
            Semihosting.Write(reason);
            Semihosting.Write("\n");
            Semihosting.Exit(Stopped);
        }

        /// <summary>The same, with a number in the middle of the reason.</summary>
        internal static void Stop(string before, uint number, string after)
        {
            Semihosting.Write(before);
            Semihosting.Write(number);
            Stop(after);
        }
    }
}
