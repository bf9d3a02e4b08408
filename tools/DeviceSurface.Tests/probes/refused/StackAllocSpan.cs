using System;

namespace Probe
{
    public static class StackAllocSpan
    {
        public static int First()
        {
            Span<int> values = stackalloc int[4]; // error CS0246
            return values[0];
        }
    }
}
