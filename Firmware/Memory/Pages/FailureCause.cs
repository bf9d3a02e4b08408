namespace Carveout.Memory
{
    /// <summary>Why a request failed that was no want of pages: of virtual addresses, of places in a table, of bounce slots. Made at boot by who
    /// refuses, which notes what it refused last.</summary>
    internal abstract class FailureCause
    {
        /// <summary>What was asked for and why it was refused, in lines that end with \n.</summary>
        internal abstract string ToText();
    }
}
