namespace Probe
{
    public static class StackAlloc
    {
        public static unsafe int First() // error CS0227
        {
            int* values = stackalloc int[4]; // error NFS003 with unsafe blocks
            return values[0];
        }
    }
}
