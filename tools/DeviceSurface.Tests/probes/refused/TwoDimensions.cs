namespace Probe
{
    public static class TwoDimensions
    {
        public static int Read()
        {
            int[,] table = new int[2, 3]; // error NFS002
            return table[1, 2];
        }
    }
}
