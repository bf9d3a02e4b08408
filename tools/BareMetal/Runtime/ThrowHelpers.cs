using System;
using System.Runtime;
using Carveout.BareMetal;

namespace Internal.Runtime.CompilerHelpers
{
    /// <summary>The compiler calls these if a check fails, and for <c>throw</c>. Their names are the compiler's.</summary>
    internal static class ThrowHelpers
    {
        /// <summary>The compiler calls this for <c>throw</c>. Nothing catches: the machine prints the exception and stops.</summary>
        [RuntimeExport("RhpThrowEx")]
        private static void Throw(Exception exception)
        {
            Semihosting.Write(exception.Name);
            Semihosting.Write(": ");
            Machine.Stop(exception.Message);
        }

        /// <summary>The compiler calls this if the program cannot go on, for example with a damaged stack.</summary>
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

        /// <summary>The compiler puts this in place of the methods of a class of which a program makes no object, as long as there is such a
        /// method here.</summary>
        private static void ThrowInstanceBodyRemoved()
        {
            Machine.Stop("a method of a class that has no objects");
        }
    }
}
