using System;

namespace Probe
{
    public static class WrappingSums
    {
        public static void Copy(byte[] from, int offset, byte[] to, int length)
        {
            if (offset + length > from.Length) // error NFS016
            {
                throw new ArgumentOutOfRangeException();
            }

            Array.Copy(from, offset, to, 0, length);
        }

        public static void Reversed(byte[] data, int offset, int length)
        {
            if (offset < 0 || data.Length < offset + length) // error NFS016
            {
                throw new ArgumentOutOfRangeException();
            }

            Array.Clear(data, offset, length);
        }

        public static SpanByte Named(byte[] data, int offset, int length)
        {
            int end = offset + length;
            return end <= data.Length ? new SpanByte(data, offset, length) : default; // error NFS016
        }

        public static int Unsigned(byte[] data, int offset, int length)
        {
            bool fits = (uint)(offset + length) <= (uint)data.Length; // error NFS016
            return fits ? BitConverter.ToInt32(data, offset) : 0;
        }
    }
}
