using System;

namespace Probe
{
    /// <summary>Checks in front of calls that leave it to the runtime, which wraps.</summary>
    public static class CheckedSpans
    {
        public static void Copy(byte[] from, int offset, byte[] to, int length)
        {
            if (offset < 0 || length < 0 || offset > from.Length - length || (long)offset + length > to.Length || offset + 1 > 100)
            {
                throw new ArgumentOutOfRangeException();
            }

            int done = 0;
            while (done < length)
            {
                int step = length - done < done + 1 ? length - done : done + 1;
                Array.Copy(from, offset + done, to, done, step);
                done += step;
            }
        }

        public static bool NothingIsCopied(byte[] data, int offset, int length)
        {
            return offset + length > data.Length;
        }
    }
}
