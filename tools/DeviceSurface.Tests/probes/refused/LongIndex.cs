namespace Probe
{
    public static class LongIndex
    {
        public static byte Read(byte[] data, long index)
        {
            return data[index]; // error NFS004
        }
    }
}
