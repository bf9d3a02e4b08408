using System;

namespace Probe
{
    public static class SpanOfByte
    {
        public static int Length(byte[] data)
        {
            Span<byte> span = data; // error CS0246
            return span.Length;
        }
    }
}
