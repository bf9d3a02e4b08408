namespace Probe
{
    public static class LongArraySize
    {
        public static byte[] Make(long size)
        {
            return new byte[size]; // error NFS004
        }
    }
}
