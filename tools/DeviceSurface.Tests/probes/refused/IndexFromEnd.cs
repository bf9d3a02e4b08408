namespace Probe
{
    public static class IndexFromEnd
    {
        public static int Last(int[] values)
        {
            return values[^1]; // error CS0518
        }
    }
}
