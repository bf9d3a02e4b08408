using Carveout.Board;
using Carveout.Memory;

namespace Carveout.Diagnostics
{
    /// <summary>DMA as text: its counters, and what is mapped now. Lines end with \n.</summary>
    public static class DmaText
    {
        /// <summary>Counters, one a line, to follow those of /proc/vmstat: mappings now and at most, those that failed, coherent bytes
        /// and requests that failed; of the bounce buffers, mappings, bytes copied, slots used now and at most, failures.</summary>
        /// <remarks>The kernel keeps the slots' numbers in debugfs (kernel/dma/swiotlb.c: io_tlb_used, io_tlb_used_hiwater) and has no
        /// counters for the rest.</remarks>
        /// <returns>Lines of name and number that end with \n.</returns>
        public static string Counters(DmaAllocator dma)
        {
            Misuse.Given(dma, nameof(dma));
            string text = "nr_dma_mapped " + dma.MappingCount.ToString() + "\n"
                + "nr_dma_mapped_max " + dma.MaxMappingCount.ToString() + "\n"
                + "dma_map " + dma.MappingsMade.ToString() + "\n"
                + "dma_map_fail " + dma.MappingFailureCount.ToString() + "\n"
                + "dma_coherent_bytes " + dma.BlockBytes.ToString() + "\n"
                + "dma_coherent_fail " + dma.FailureCount.ToString() + "\n";
            BounceBuffers bounce = dma.Bounce;
            return bounce == null ? text : text
                + "swiotlb_bounced " + bounce.Bounced.ToString() + "\n"
                + "swiotlb_bytes " + bounce.BytesCopied.ToString() + "\n"
                + "io_tlb_used " + bounce.LiveCount.ToString() + "\n"
                + "io_tlb_used_hiwater " + bounce.MaxLiveCount.ToString() + "\n"
                + "swiotlb_fail " + bounce.FailureCount.ToString() + "\n";
        }

        /// <summary>The live mappings by address, as the kernel's dma-api/dump in debugfs has them: device, how it is mapped, physical
        /// address, bus address, length, direction; behind it who owns it: device, cpu, or the part that the CPU has.</summary>
        /// <remarks>kernel/dma/debug.c, dump_show. Where the kernel writes its type of mapping, this writes whether it bounced.</remarks>
        /// <returns>Lines that end with \n; an empty text where nothing is mapped.</returns>
        public static string Dump(DmaAllocator dma)
        {
            Misuse.Given(dma, nameof(dma));
            string text = "";
            DmaMappings mappings = dma.Table;
            for (int i = 0; i < mappings.Live; i++)
            {
                int entry = mappings.EntryAt(i), slot = mappings.Slot[entry], size = mappings.Size[entry];
                int from = mappings.CpuFrom[entry], to = mappings.CpuTo[entry];
                text += mappings.Devices.At(mappings.DeviceOf(entry)).Name
                    + (slot >= 0 ? " bounced" : slot == DmaMappings.Noncoherent ? " noncoherent" : " direct")
                    + " P=" + HexText.Of(mappings.Address[entry]) + " D=" + HexText.Of(mappings.Handle[entry]) + " L=" + size.ToString() + " "
                    + DirectionText(mappings.DirectionOf(entry)) + " " + OwnerText(from, to, size) + "\n";
            }
            return text;
        }

        private static string DirectionText(DmaDirection direction) =>
            direction == DmaDirection.ToDevice ? "DMA_TO_DEVICE"
                : direction == DmaDirection.FromDevice ? "DMA_FROM_DEVICE" : "DMA_BIDIRECTIONAL";

        private static string OwnerText(int from, int to, int size) =>
            from == to ? "device" : to - from == size ? "cpu" : "cpu=" + from.ToString() + "-" + (to - 1).ToString();
    }
}
