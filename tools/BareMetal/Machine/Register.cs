namespace Carveout.BareMetal
{
    /// <summary>Device registers: each access is one load or store, which the compiler neither omits nor moves.</summary>
    internal static unsafe class Register
    {
        internal static uint Read(uint address)
        {
            return ((Word*)address)->Value;
        }

        internal static void Write(uint address, uint value)
        {
            ((Word*)address)->Value = value;
        }

        private struct Word
        {
            internal volatile uint Value;
        }
    }
}
