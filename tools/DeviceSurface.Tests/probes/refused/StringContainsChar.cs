namespace Probe
{
    public static class StringContainsChar
    {
        public static bool HasA(string text)
        {
            return text.Contains('a'); // error CS1503
        }
    }
}
