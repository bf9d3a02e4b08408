namespace Probe
{
    public static class Linq
    {
        public static object First(int[] values)
        {
            return System.Linq.Enumerable.First(values); // error CS0234
        }
    }
}
