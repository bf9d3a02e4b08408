namespace Probe
{
    public static class PointerParameter
    {
        public static unsafe int Read(int* address) // error CS0227
        {
            return *address; // error NFS003 with unsafe blocks
        }
    }
}
