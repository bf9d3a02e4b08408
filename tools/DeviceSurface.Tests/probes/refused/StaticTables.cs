namespace Probe
{
    public static class StaticTables
    {
        private const int Size = 3;
        private static readonly string s_name = "allocates nothing";
        private static readonly int[] s_table = { 1, 2, Size }; // error NFS017
        private static readonly object s_lock = new object(); // error NFS017
        private static int s_count = 4;

        public static int Run()
        {
            lock (s_lock)
            {
                return s_table[0] + s_count++ + s_name.Length;
            }
        }
    }
}
