using Carveout.Board;
using Carveout.Memory;
using Internal.Runtime;

namespace Carveout.BareMetal
{
    /// <summary>Takes and frees pages of a zone of runs, memory of any size and objects of a cache, not hardened, and nothing else: as much of the
    /// library as such a program needs.</summary>
    internal static class Program
    {
        private const int PageSize = 4096, FrameSize = 153600, ObjectSize = 48, Slabs = 64;

        internal static int Main()
        {
            var zone = new Zone("NORMAL", ZoneKind.Normal, Machine.CarveoutStart, new RunMap((int)(Machine.CarveoutSize / PageSize)));
            var pages = new PageAllocator(new[] { zone }, PageSize, null, null);
            PageOwner owner = pages.RegisterOwner("display");
            var slabs = new SlabAllocator(pages, Slabs);
            var objects = new KmemCache(slabs, "objects", ObjectSize);
            var kmalloc = new KmallocCaches(slabs);
            ManagedHeap.Close();

            uint frame = pages.AllocPagesExact(FrameSize, GfpFlags.Kernel, owner), page = pages.AllocPages(GfpFlags.Kernel, 0, owner);
            uint taken = objects.Alloc(GfpFlags.Kernel), memory = kmalloc.Kmalloc(ObjectSize, GfpFlags.Kernel);
            kmalloc.Kfree(memory);
            objects.Free(taken);
            pages.FreePages(page);
            pages.FreePagesExact(frame, FrameSize);
            return frame != 0 && page != 0 && taken != 0 && memory != 0 ? 0 : 1;
        }
    }
}
