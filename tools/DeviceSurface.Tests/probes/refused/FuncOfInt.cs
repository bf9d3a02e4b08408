using System;

namespace Probe
{
    public static class FuncOfInt
    {
        public static int Apply()
        {
            Func<int, int> next = x => x + 1; // error NFS001
            return next(1);
        }
    }
}
