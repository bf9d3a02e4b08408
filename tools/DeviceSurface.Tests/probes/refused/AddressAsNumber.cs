namespace Probe
{
    public static class AddressAsNumber
    {
        public static unsafe ulong Address(int value) // error CS0227
        {
            return (ulong)&value; // error NFS003 with unsafe blocks
        }
    }
}
