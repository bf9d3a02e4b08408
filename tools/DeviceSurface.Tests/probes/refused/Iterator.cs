using System.Collections;

namespace Probe
{
    public static class Iterator
    {
        public static IEnumerable Numbers()
        { // error CS0518
            yield return 1;
        }
    }
}
