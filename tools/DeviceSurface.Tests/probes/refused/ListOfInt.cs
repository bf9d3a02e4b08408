namespace Probe
{
    public static class ListOfInt
    {
        public static object Make()
        {
            return new System.Collections.Generic.List<int>(); // error CS0234
        }
    }
}
