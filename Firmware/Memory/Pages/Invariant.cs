using System;

namespace Carveout.Memory
{
    /// <summary>What must hold inside, whatever callers do: where it does not, the fault is Carveout's, and going on would ruin memory.</summary>
    /// <remarks>Checks have two tiers. What costs a comparison is always checked, on the device as well. What walks tables stands in methods that
    /// are compiled only with <see cref="Checked"/>, which host builds define: the emulator and the tests run with them, and the IL counter leaves them
    /// out.</remarks>
    internal static class Invariant
    {
        /// <summary>The symbol of builds that check what is costly to check.</summary>
        internal const string Checked = "CARVEOUT_CHECKS";

        /// <summary>What to throw where something does not hold.</summary>
        /// <param name="sentence">What should hold.</param>
        internal static Exception Broken(string sentence)
        {
            return new InvalidOperationException("a defect of Carveout, not of its caller; expected: " + sentence);
        }
    }
}
