using System;

namespace Probe
{
    public static class SpanBytes
    {
        public static int Read(byte[] data)
        {
            SpanByte span = new SpanByte(data, 1, 2);
            return span.Slice(1)[0] + span.Length;
        }
    }
}
