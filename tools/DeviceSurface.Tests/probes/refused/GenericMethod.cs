namespace Probe
{
    public static class GenericMethod
    {
        public static int Three()
        {
            return Same(3); // error NFS001
        }

        private static T Same<T>(T value)
        {
            return value;
        }
    }
}
