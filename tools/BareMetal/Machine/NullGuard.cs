using System.Runtime;
using System.Runtime.CompilerServices;

namespace Carveout.BareMetal
{
    /// <summary>Makes an access through a null reference a fault. The compiler does not check for null: it counts on the hardware, and on
    /// these machines there is memory at address 0.</summary>
    internal static unsafe class NullGuard
    {
#if ARMV7M
        private const uint MpuType = 0xE000ED90, MpuControl = 0xE000ED94, MpuBase = 0xE000ED9C, MpuAttributes = 0xE000EDA0;

        /// <summary>No access to the first 256 bytes, by the MPU. The vector table is there too, but the processor fetches vectors past
        /// the MPU (ARMv7-M Architecture Reference Manual, B3.5).</summary>
        internal static void Raise()
        {
            if (Register.Read(MpuType) >> 8 == 0)
            {
                return;
            }
            const uint Valid = 0x10, NeverExecute = 1u << 28, Bytes256 = 7 << 1, Enable = 1, OthersAsWithoutMpu = 4;
            Register.Write(MpuBase, Valid);
            Register.Write(MpuAttributes, NeverExecute | Bytes256 | Enable);
            Register.Write(MpuControl, OthersAsWithoutMpu | Enable);
        }
#elif ARMV8M
        private const uint SauControl = 0xE000EDD0, SauRegion = 0xE000EDD8, SauBase = 0xE000EDDC, SauLimit = 0xE000EDE0;

        /// <summary>The AN505's memory protection controller of the SRAM at 0, in its Secure alias.</summary>
        private const uint ProtectionControl = 0x58007000;

        /// <summary>ARMv8-M's MPU cannot keep privileged code out, but the security attribution unit can make the first 256 MB Non-secure
        /// (the program runs at the Secure alias). The SRAM behind them is Secure from reset on, and its protection controller can answer
        /// with a bus error instead of zeros (Arm, CoreLink SIE-200, MPC, CTRL).</summary>
        internal static void Raise()
        {
            const uint LastBlock = 0x0FFFFFE0, Enable = 1, ErrorInsteadOfZeros = 1 << 4;
            Register.Write(SauRegion, 0);
            Register.Write(SauBase, 0);
            Register.Write(SauLimit, LastBlock | Enable);
            Register.Write(SauControl, Enable);
            Register.Write(ProtectionControl, Register.Read(ProtectionControl) | ErrorInsteadOfZeros);
        }
#else
        /// <summary>A translation table has 4096 words, one for each MB, and begins on a multiple of 16 KB: in front of the program.</summary>
        private const uint TranslationTable = 0x00108000;

        /// <summary>Turns the MMU on with every MB at its own address but the first, which faults. The program is linked behind it.</summary>
        internal static void Raise()
        {
            const uint Section = 2, ReadAndWrite = 3 << 10;
            uint* table = (uint*)TranslationTable;
            table[0] = 0;
            for (uint megabyte = 1; megabyte < 4096; megabyte++)
            {
                table[megabyte] = megabyte << 20 | ReadAndWrite | Section;
            }
            TranslateBy(table);
        }

        [RuntimeImport("*", "translate_by")]
        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern void TranslateBy(uint* table);
#endif
    }
}
