using System.Diagnostics;

namespace Probe
{
    public static class DebugWriteLine
    {
        public static void Write()
        {
            Debug.WriteLine("text");
            Debug.Assert(true, "text");
        }
    }
}
