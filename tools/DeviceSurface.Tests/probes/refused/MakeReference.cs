using System;

namespace Probe
{
    public static class MakeReference
    {
        public static bool Refers(int value)
        {
            return __refvalue(__makeref(value), int) == value; // error NFS003
        }

        public static int Ignore(TypedReference reference)
        {
            return 1; // error NFS003
        }
    }
}
