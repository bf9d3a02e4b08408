using System;

namespace Probe
{
    public static class ArraysAndClosures
    {
        public static int Sum(int[][] rows)
        {
            int sum = 0;
            uint[] table = { 1, 2, 3, 4 };
            Action add = () => sum += rows[0].Length;
            add();
            return sum + (int)table[1];
        }
    }
}
