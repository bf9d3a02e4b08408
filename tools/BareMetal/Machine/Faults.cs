using System.Runtime;

namespace Carveout.BareMetal
{
    /// <summary>The start-up code calls this when the processor refuses an instruction.</summary>
    internal static unsafe class Faults
    {
#if ARMV7A
        /// <param name="address">The instruction that was refused.</param>
        /// <param name="accessed">The address that it wanted to read or write.</param>
        [RuntimeExport("processor_fault")]
        private static void Report(uint address, uint accessed)
        {
            Semihosting.Write("processor fault at 0x");
            Semihosting.WriteHex(address);
            Semihosting.Write(" on access to 0x");
            Semihosting.WriteHex(accessed);
            Machine.Stop(accessed < 0x100000 ? ": null reference" : "");
        }
#else
        private const uint ConfigurableFaultStatus = 0xE000ED28, MemManageAddress = 0xE000ED34, BusFaultAddress = 0xE000ED38;

        /// <summary>Bits of the fault status: MMFAR or BFAR holds the address.</summary>
        private const uint MemManageValid = 1 << 7, BusFaultValid = 1 << 15;

        /// <summary>The exception pushed r0 to r3, r12, lr, pc, xPSR; this is the index of pc.</summary>
        private const int PushedPc = 6;

        /// <param name="exception">The exception's number.</param>
        /// <param name="frame">The words that the processor pushed.</param>
        [RuntimeExport("processor_fault")]
        private static void Report(uint exception, uint* frame)
        {
            Semihosting.Write("exception ");
            Semihosting.Write(exception);
            Semihosting.Write(" at 0x");
            Semihosting.WriteHex(frame[PushedPc]);
            uint status = Register.Read(ConfigurableFaultStatus);
            if ((status & (MemManageValid | BusFaultValid)) == 0)
            {
                Machine.Stop("");
            }
            uint accessed = Register.Read((status & MemManageValid) != 0 ? MemManageAddress : BusFaultAddress);
            Semihosting.Write(" on access to 0x");
            Semihosting.WriteHex(accessed);
            Machine.Stop(accessed < 256 ? ": null reference" : "");
        }
#endif
    }
}
