using Carveout.Memory;

namespace Carveout.Diagnostics
{
    /// <summary>Writes memory that no zone owns, and who has it, as text.</summary>
    public static class IoText
    {
        /// <summary>/proc/iomem, with what drivers have requested and mapped. Each line is indented below the smallest entry of another
        /// kind that contains all of it. Registers outside all regions stand among the regions, by address.</summary>
        /// <remarks>The kernel's file lists requests only. Here mappings follow as "ioremap OWNER", so that the two can be compared.</remarks>
        /// <returns>Lines that end with \n.</returns>
        public static string IoMem(IoMemory io)
        {
            Misuse.Given(io, nameof(io));
            Vmalloc space = io.Space;
            var tree = new IoMemTree(io.Map, io.RequestCount + space.AreaCount);
            for (int i = 0; i < io.RequestCount; i++)
            {
                tree.Add(io.RequestStartAt(i), (uint)io.RequestSizeAt(i), IoMemTree.RequestRank, space.Allocator.OwnerName(io.RequestOwnerAt(i)));
            }
            for (int i = 0; i < space.AreaCount; i++)
            {
                if (space.AreaPhysicalAt(i) != 0)
                {
                    tree.Add(space.AreaPhysicalAt(i), (uint)space.AreaSizeAt(i), IoMemTree.MappingRank,
                        "ioremap " + space.Allocator.OwnerName(space.AreaOwnerAt(i)));
                }
            }
            return tree.ToText();
        }
    }
}
