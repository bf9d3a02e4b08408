using System;
using System.Runtime;
using Carveout.BareMetal;

namespace Internal.Runtime.CompilerHelpers
{
    /// <summary>What the compiler calls where a check fails, and for <c>throw</c>. The names are its own.</summary>
    internal static class ThrowHelpers
    {
        /// <summary>The compiler's name for <c>throw</c>. Nothing catches: the machine says what it was and stops.</summary>
        [RuntimeExport("RhpThrowEx")]
        private static void Throw(Exception exception)
        {
            Semihosting.Write(exception.Name);
            Semihosting.Write(": ");
            Machine.Stop(exception.Message);
        }

        /// <summary>The compiler's name for a state from which there is no way on, such as a ruined stack.</summary>
        [RuntimeExport("RhpFallbackFailFast")]
        private static void FailFast()
        {
            Machine.Stop("the runtime gave up");
        }

        private static void ThrowOverflowException()
        {
            Machine.Stop("OverflowException");
        }

        private static void ThrowIndexOutOfRangeException()
        {
            throw new IndexOutOfRangeException();
        }

        private static void ThrowNullReferenceException()
        {
            Machine.Stop("NullReferenceException");
        }

        [RuntimeExport("divide_by_zero")]
        internal static void ThrowDivideByZeroException()
        {
            Machine.Stop("DivideByZeroException");
        }

        private static void ThrowArrayTypeMismatchException()
        {
            Machine.Stop("ArrayTypeMismatchException");
        }

        private static void ThrowPlatformNotSupportedException()
        {
            Machine.Stop("PlatformNotSupportedException");
        }

        private static void ThrowInvalidProgramException()
        {
            Machine.Stop("InvalidProgramException");
        }
    }
}
