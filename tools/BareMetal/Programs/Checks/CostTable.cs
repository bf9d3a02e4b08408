namespace Carveout.BareMetal
{
    /// <summary>The instructions of one kind of call: by number of instructions, how many calls needed so many.</summary>
    internal sealed class CostTable
    {
        /// <summary>Higher costs are counted as this one; the worst is exact all the same.</summary>
        private const int Largest = 8191;

        private readonly ushort[] _calls = new ushort[Largest + 1];
        private readonly string _name;
        private uint _count, _sum;
        private int _worst;

        internal CostTable(string name)
        {
            _name = name;
        }

        /// <summary>Adds a call, given the readings before and after it. A failed call is left out, because it first drains and
        /// merges.</summary>
        internal void Add(uint before, uint after, bool succeeded)
        {
            if (!succeeded)
            {
                return;
            }
            int cost = InstructionCounter.Between(before, after);
            _calls[cost < Largest ? cost : Largest]++;
            _count++;
            _sum += (uint)cost;
            _worst = cost > _worst ? cost : _worst;
        }

        /// <summary>Writes a line: name, calls, mean, 99th percentile, worst.</summary>
        internal void Write()
        {
            uint below = 0;
            int percentile = 0;
            while ((below += _calls[percentile]) * 100 < _count * 99)
            {
                percentile++;
            }
            Semihosting.Write(_name);
            Semihosting.Write(" | ");
            Semihosting.Write(_count);
            Semihosting.Write(" | ");
            Semihosting.Write((_sum + _count / 2) / _count);
            Semihosting.Write(" | ");
            Semihosting.Write((uint)percentile);
            Semihosting.Write(" | ");
            Semihosting.Write((uint)_worst);
            Semihosting.Write("\n");
        }
    }
}
