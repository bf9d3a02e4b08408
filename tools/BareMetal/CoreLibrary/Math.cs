using System.Runtime;
using System.Runtime.CompilerServices;
using Internal.Runtime.CompilerHelpers;

namespace System
{
    /// <summary>The compiler calls this for every <c>/</c> and <c>%</c>, because it does not use ARM's divide instruction.</summary>
    internal static class Math
    {
#if ARMV7A
        // Cortex-A8 has no divide instruction.
        private static int DivInt32(int dividend, int divisor)
        {
            return (int)DivInt64(dividend, divisor);
        }

        private static int ModInt32(int dividend, int divisor)
        {
            return (int)ModInt64(dividend, divisor);
        }

        private static uint DivUInt32(uint dividend, uint divisor)
        {
            return (uint)Divide(dividend, divisor, false);
        }

        private static uint ModUInt32(uint dividend, uint divisor)
        {
            return (uint)Divide(dividend, divisor, true);
        }
#else
        [RuntimeImport("*", "divide_signed")]
        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern int DivInt32(int dividend, int divisor);

        [RuntimeImport("*", "remainder_signed")]
        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern int ModInt32(int dividend, int divisor);

        [RuntimeImport("*", "divide_unsigned")]
        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern uint DivUInt32(uint dividend, uint divisor);

        [RuntimeImport("*", "remainder_unsigned")]
        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern uint ModUInt32(uint dividend, uint divisor);
#endif

        private static ulong DivUInt64(ulong dividend, ulong divisor)
        {
            return Divide(dividend, divisor, false);
        }

        private static ulong ModUInt64(ulong dividend, ulong divisor)
        {
            return Divide(dividend, divisor, true);
        }

        private static long DivInt64(long dividend, long divisor)
        {
            ulong quotient = Divide(Magnitude(dividend), Magnitude(divisor), false);
            return dividend < 0 != divisor < 0 ? -(long)quotient : (long)quotient;
        }

        private static long ModInt64(long dividend, long divisor)
        {
            ulong rest = Divide(Magnitude(dividend), Magnitude(divisor), true);
            return dividend < 0 ? -(long)rest : (long)rest;
        }

        private static ulong Magnitude(long value)
        {
            return value < 0 ? (ulong)-value : (ulong)value;
        }

        /// <summary>Long division, bit by bit: 64-bit division is rare and never on a hot path.</summary>
        private static ulong Divide(ulong dividend, ulong divisor, bool remainder)
        {
            if (divisor == 0)
            {
                ThrowHelpers.ThrowDivideByZeroException();
            }
            ulong quotient = 0, rest = 0;
            for (int i = 0; i < 64; i++)
            {
                // The bit that leaves rest at the top counts, because with a divisor above 2^63 it decides.
                bool above = (long)rest < 0;
                rest = (rest << 1) | (dividend >> 63);
                dividend <<= 1;
                quotient <<= 1;
                if (above || rest >= divisor)
                {
                    rest -= divisor;
                    quotient |= 1;
                }
            }
            return remainder ? rest : quotient;
        }
    }
}
