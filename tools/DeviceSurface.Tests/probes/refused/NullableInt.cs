namespace Probe
{
    public static class NullableInt
    {
        public static int? None() // error CS0518
        {
            return null;
        }
    }
}
