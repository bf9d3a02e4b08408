using System;

namespace Probe
{
    public class SpanByteField
    {
        public SpanByte Value; // error CS8345
    }
}
