namespace Probe
{
    public readonly struct Extent
    {
        public readonly uint First;
        public readonly uint Last;

        public Extent(uint first, uint last)
        {
            First = first;
            Last = last;
        }
    }

    public static class RefsAndExtensions
    {
        public static uint Length(this in Extent extent)
        {
            return extent.Last - extent.First + 1;
        }

        public static bool TryTake(int[] values, out uint length)
        {
            ref int first = ref At(values, 0);
            first++;
            length = new Extent(0, (uint)first).Length();
            return IsLong(length);

            static bool IsLong(uint value)
            {
                return value > 1;
            }
        }

        private static ref int At(int[] values, int index)
        {
            return ref values[index];
        }
    }
}
