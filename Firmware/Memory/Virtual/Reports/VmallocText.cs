using Carveout.Board;
using Carveout.Memory;

namespace Carveout.Diagnostics
{
    /// <summary>Writes virtual memory as the kernel's /proc/vmallocinfo shows it.</summary>
    public static class VmallocText
    {
        /// <summary>/proc/vmallocinfo: a line for each area, by ascending address. It has start and end, bytes, the owner (the kernel names
        /// the caller) and the number of mapped pages, or the physical address if no zone owns the memory. End and bytes include the guard
        /// page. Lines end with \n.</summary>
        /// <remarks>mm/vmalloc.c, vmalloc_info_show.</remarks>
        /// <returns>The lines; an empty text if there is no area.</returns>
        public static string VmallocInfo(Vmalloc space)
        {
            Misuse.Given(space, nameof(space));
            string text = "";
            for (int i = 0; i < space.AreaCount; i++)
            {
                int pages = space.AreaPagesAt(i);
                uint start = space.AreaStartAt(i), size = (uint)(pages + 1) * (uint)space.Allocator.PageSize;
                uint physical = space.AreaPhysicalAt(i) / (uint)space.Allocator.PageSize * (uint)space.Allocator.PageSize;
                text += HexText.Of(start) + "-" + HexText.Of(start + size) + " " + size.ToString().PadLeft(7) + " "
                    + space.Allocator.OwnerName(space.AreaOwnerAt(i)) + (physical == 0
                        ? " pages=" + pages.ToString() + " vmalloc\n"
                        : " phys=" + HexText.Of(physical) + " ioremap\n");
            }
            return text;
        }
    }
}
