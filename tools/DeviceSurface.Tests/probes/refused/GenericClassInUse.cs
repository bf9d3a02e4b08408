namespace Probe
{
    public static class GenericClassInUse
    {
        public static int Get()
        {
            return new Box<int> { Value = 3 }.Value; // error NFS001
        }

        private sealed class Box<T>
        {
            public T Value;
        }
    }
}
