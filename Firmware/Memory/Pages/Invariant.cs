using System;

namespace Carveout.Memory
{
    /// <summary>Conditions that must hold inside Carveout whatever its callers do. If one does not, Carveout has a defect, and continuing
    /// would corrupt memory.</summary>
    /// <remarks>Checks have two tiers. A check that costs a comparison is always made, on the device as well. Checks that walk tables are
    /// methods that are compiled only with <see cref="Checked"/>. Host builds define it, so the emulator and the tests make these checks;
    /// the IL counter leaves them out.</remarks>
    internal static class Invariant
    {
        /// <summary>The symbol of builds that make the expensive checks.</summary>
        internal const string Checked = "CARVEOUT_CHECKS";

        /// <summary>The exception for a condition that does not hold.</summary>
        /// <param name="sentence">The condition, as a sentence.</param>
        internal static Exception Broken(string sentence)
        {
            return new InvalidOperationException("a defect of Carveout, not of its caller; expected: " + sentence);
        }
    }
}
