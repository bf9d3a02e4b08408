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
        /// <param name="dma">Whose.</param>
        /// <returns>Lines of name and number that end with \n.</returns>
        public static string Counters(DmaAllocator dma)
        {
            DmaMappings mappings = dma.Mappings;
            string text = "nr_dma_mapped " + mappings.Count.ToString() + "\n"
                + "nr_dma_mapped_max " + mappings.MostCount.ToString() + "\n"
                + "dma_map " + mappings.Mapped.ToString() + "\n"
                + "dma_map_fail " + mappings.Failures.ToString() + "\n"
                + "dma_coherent_bytes " + dma.CoherentBytes.ToString() + "\n"
                + "dma_coherent_fail " + dma.FailureCount.ToString() + "\n";
            BounceBuffers bounce = dma.Bounce;
            return bounce == null ? text : text
                + "swiotlb_bounced " + bounce.Bounced.ToString() + "\n"
                + "swiotlb_bytes " + bounce.BytesCopied.ToString() + "\n"
                + "io_tlb_used " + bounce.SlotsUsed.ToString() + "\n"
                + "io_tlb_used_hiwater " + bounce.MostSlotsUsed.ToString() + "\n"
                + "swiotlb_fail " + bounce.Failures.ToString() + "\n";
        }

        /// <summary>The live mappings by address, as the kernel's dma-api/dump in debugfs has them: device, how it is mapped, physical
        /// address, bus address, length, direction; behind it who owns it: device, cpu, or the part that the CPU has.</summary>
        /// <remarks>kernel/dma/debug.c, dump_show. Where the kernel writes its type of mapping, this writes whether it bounced.</remarks>
        /// <param name="dma">Whose.</param>
        /// <returns>Lines that end with \n; an empty text where nothing is mapped.</returns>
        public static string Dump(DmaAllocator dma)
        {
            string text = "";
            DmaMappings mappings = dma.Mappings;
            for (int i = 0; i < mappings.Count; i++)
            {
                text += mappings.DeviceName(i) + (mappings.IsBounced(i) ? " bounced" : mappings.IsNoncoherent(i) ? " noncoherent" : " direct")
                    + " P=" + HexText.Of(mappings.AddressAt(i)) + " D=" + HexText.Of(mappings.HandleAt(i)) + " L=" + mappings.SizeAt(i).ToString()
                    + " " + DirectionText(mappings.DirectionAt(i)) + " " + OwnerText(mappings, i) + "\n";
            }
            return text;
        }

        private static string DirectionText(DmaDirection direction)
        {
            return direction == DmaDirection.ToDevice ? "DMA_TO_DEVICE"
                : direction == DmaDirection.FromDevice ? "DMA_FROM_DEVICE" : "DMA_BIDIRECTIONAL";
        }

        private static string OwnerText(DmaMappings mappings, int index)
        {
            int from = mappings.CpuStart(index), to = mappings.CpuEnd(index);
            return from == to ? "device" : to - from == mappings.SizeAt(index) ? "cpu" : "cpu=" + from.ToString() + "-" + (to - 1).ToString();
        }
    }
}
