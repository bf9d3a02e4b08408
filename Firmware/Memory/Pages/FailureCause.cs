namespace Carveout.Memory
{
    /// <summary>Why a request failed although there were pages: virtual addresses, places in a table or bounce slots had run out. A class
    /// that can refuse for such a reason makes one object at boot, and records its last refusal in it.</summary>
    internal abstract class FailureCause
    {
        /// <summary>What was asked for and why it was refused, in lines that end with \n.</summary>
        internal abstract string ToText();
    }
}
