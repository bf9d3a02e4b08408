using Carveout.Board;
using Carveout.Memory;
using Internal.Runtime;

namespace Carveout.BareMetal
{
    /// <summary>Takes and frees pages of a zone of runs, and nothing else: as much of the library as such a program needs.</summary>
    internal static class Program
    {
        private const int PageSize = 4096, FrameSize = 153600;

        internal static int Main()
        {
            var zone = new Zone("NORMAL", ZoneKind.Normal, Machine.CarveoutStart, new RunMap((int)(Machine.CarveoutSize / PageSize)));
            var pages = new PageAllocator(new[] { zone }, PageSize, null, null);
            PageOwner owner = pages.RegisterOwner("display");
            ManagedHeap.Close();

            uint frame = pages.AllocPagesExact(FrameSize, GfpFlags.Kernel, owner), page = pages.AllocPages(GfpFlags.Kernel, 0, owner);
            pages.FreePages(page);
            pages.FreePagesExact(frame, FrameSize);
            return frame != 0 && page != 0 ? 0 : 1;
        }
    }
}
