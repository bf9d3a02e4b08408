namespace Probe
{
    public static class ValueTuple
    {
        public static (int, int) Pair() // error CS8179
        {
            return (1, 2);
        }
    }
}
