using System;

namespace Probe
{
    public static class ObsoleteAsError
    {
        public static DateTimeKind Kind()
        {
            return DateTimeKind.Local; // error CS0619
        }
    }
}
