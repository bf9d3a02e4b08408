namespace Probe
{
    public static class Checked
    {
        public static int Add(int a, int b)
        {
            return checked(a + b); // error NFS004
        }
    }
}
