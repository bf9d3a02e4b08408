namespace Carveout.BareMetal
{
    /// <summary>Counts executed instructions on a Cortex-M3 of 25 MHz whose virtual time goes on by 2^10 ns with each of them (QEMU, -icount
    /// shift=10).</summary>
    /// <remarks>SysTick counts down 25.6 for an instruction; two readings are each off by less than 1, so that the nearest whole number is the
    /// exact one. 24 bits hold 655,000 instructions.</remarks>
    internal static class InstructionCounter
    {
        private const uint Control = 0xE000E010, Reload = 0xE000E014, Current = 0xE000E018;
        private const uint Enable = 1, ProcessorClock = 4, Mask = 0xFFFFFF;

        /// <summary>What two readings with nothing between them count.</summary>
        private static uint s_overhead;

        internal static void Start()
        {
            Register.Write(Reload, Mask);
            Register.Write(Current, 0);
            Register.Write(Control, ProcessorClock | Enable);
            // The counter takes the reload value with its next tick.
            while (Now() == 0)
            {
            }
            uint before = Now();
            s_overhead = Ticks(before, Now());
        }

        /// <summary>The moment, for <see cref="Between"/>.</summary>
        internal static uint Now()
        {
            return Register.Read(Current);
        }

        /// <summary>Instructions between two moments, those of reading the counter left out.</summary>
        internal static int Between(uint before, uint after)
        {
            return (int)(((Ticks(before, after) - s_overhead) * 10 + 128) >> 8);
        }

        private static uint Ticks(uint before, uint after)
        {
            return (before - after) & Mask;
        }
    }
}
