namespace Probe
{
    public static class FunctionPointer
    {
        public static unsafe int Call() // error CS0227
        {
            delegate*<int, int> pointer = &Same; // error NFS003 with unsafe blocks
            return pointer(1);
        }

        private static int Same(int value)
        {
            return value;
        }
    }
}
