namespace Carveout.BareMetal
{
    /// <summary>Counts executed instructions on a Cortex-M3 of 25 MHz whose virtual time advances by 2^10 ns with each instruction (QEMU,
    /// -icount shift=10).</summary>
    /// <remarks>SysTick counts down 25.6 for each instruction. Two readings are each off by less than 1, so the nearest whole number is
    /// exact. 24 bits hold 655,000 instructions.</remarks>
    internal static class InstructionCounter
    {
        private const uint Control = 0xE000E010, Reload = 0xE000E014, Current = 0xE000E018;
        private const uint Enable = 1, ProcessorClock = 4, Mask = 0xFFFFFF;

        /// <summary>The count of two readings with nothing between them.</summary>
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

        /// <summary>A reading, for <see cref="Between"/>.</summary>
        internal static uint Now()
        {
            return Register.Read(Current);
        }

        /// <summary>Instructions between two readings, without those of the readings themselves.</summary>
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
