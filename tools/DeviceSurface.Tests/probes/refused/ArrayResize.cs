using System;

namespace Probe
{
    public static class ArrayResize
    {
        public static void Grow(int[] values)
        {
            Array.Resize(ref values, 3); // error CS0117
        }
    }
}
