using Carveout.Memory;

namespace Carveout.App
{
    /// <summary>Counts the pages of all zones together.</summary>
    internal static class PageCount
    {
        internal static int Free(PageAllocator pages)
        {
            int free = 0;
            for (int i = 0; i < pages.ZoneCount; i++)
            {
                free += pages.ZoneAt(i).FreePages;
            }
            return free;
        }

        internal static int All(PageAllocator pages)
        {
            int all = 0;
            for (int i = 0; i < pages.ZoneCount; i++)
            {
                all += pages.ZoneAt(i).Pages;
            }
            return all;
        }
    }
}
