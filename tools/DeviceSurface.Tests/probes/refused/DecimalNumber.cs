namespace Probe
{
    public static class DecimalNumber
    {
        public static object Price()
        {
            return 1.5m; // error CS0518
        }
    }
}
