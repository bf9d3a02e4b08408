using System;

namespace Probe
{
    public static class ArraysAndClosures
    {
        private static readonly uint[] _table = { 1, 2, 3, 4 };

        public static int Sum(int[][] rows)
        {
            int sum = 0;
            Action add = () => sum += rows[0].Length;
            add();
            return sum + (int)_table[1];
        }
    }
}
