namespace Probe
{
    public static class SwitchExpression
    {
        public static string Name(object value)
        {
            return value switch
            {
                int i when i < 0 => "negative",
                int _ => "int",
                string s => s,
                null => "null",
                _ => "other",
            };
        }
    }
}
