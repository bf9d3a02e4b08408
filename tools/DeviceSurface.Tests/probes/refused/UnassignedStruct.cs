using System;

namespace Probe
{
    public static class UnassignedStruct
    {
        public static long Ticks()
        {
            TimeSpan time;
            return time.Ticks; // error CS0165
        }
    }
}
