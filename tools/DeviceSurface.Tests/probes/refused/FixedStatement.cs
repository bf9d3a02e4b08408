namespace Probe
{
    public static class FixedStatement
    {
        public static unsafe int First(int[] values) // error CS0227
        {
            fixed (int* first = values) // error NFS003 with unsafe blocks
            {
                return *first;
            }
        }
    }
}
