namespace Probe
{
    public static class Interpolation
    {
        public static string Format(int a, uint b)
        {
            return $"{a} {b:X8}";
        }
    }
}
