using System.Runtime;
using System.Runtime.CompilerServices;

namespace Carveout.BareMetal
{
    /// <summary>Makes an access through a null reference a fault. The compiler does not check for null but relies on the hardware, and
    /// these machines have memory at address 0.</summary>
    internal static unsafe class NullGuard
    {
#if ARMV7M
        private const uint MpuType = 0xE000ED90, MpuControl = 0xE000ED94, MpuBase = 0xE000ED9C, MpuAttributes = 0xE000EDA0;

        /// <summary>The MPU forbids access to the first 256 bytes. The vector table lies there, too, but the processor fetches vectors
        /// without the MPU (ARMv7-M Architecture Reference Manual, B3.5).</summary>
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

        /// <summary>ARMv8-M's MPU cannot keep out privileged code. But the security attribution unit can make the first 256 MB Non-secure,
        /// because the program runs at the Secure alias. The SRAM behind them is Secure after reset, and its protection controller can
        /// answer with a bus error instead of zeros (Arm, CoreLink SIE-200, MPC, CTRL).</summary>
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
        /// <summary>The address of the translation table, before the program. It has 4096 words, one for each MB, and begins at a multiple
        /// of 16 KB.</summary>
        private const uint TranslationTable = 0x00108000;

        /// <summary>Turns on the MMU, with every MB at its own address, except the first, which faults. The program is linked behind
        /// that.</summary>
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
