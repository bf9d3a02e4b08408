using Carveout.Emulator.Boards;
using Carveout.Video;

namespace Carveout.Emulator.Planning;

/// <summary>The descriptors from which a plan's engines get their orders.</summary>
/// <param name="Count">One for each segment of each buffer; of a stream that bounces, one for each piece that is mapped at once.</param>
/// <param name="Bytes">Their bytes; 0 if the engine has registers instead.</param>
/// <param name="Place">Their memory, which the engine reaches and the CPU does not cache.</param>
/// <param name="Fits">Whether there is room, as far as Carveout knows; only the runtime knows about its own memory.</param>
internal sealed record DescriptorNeed(long Count, long Bytes, string Place, bool Fits)
{
    /// <summary>The descriptors of a board's streams.</summary>
    public static DescriptorNeed Of(EmulatedBoard board, PlannedBoard planned)
    {
        long count = planned.Parts.Select(part => part.Contract).Sum(contract => Enumerable.Range(0, contract.Count).Select(contract.StreamAt).Sum(Of));
        long bytes = count * board.Transfer.DescriptorSize;
        if (bytes == 0)
        {
            return new DescriptorNeed(count, 0, "registers of the engine", true);
        }
        for (int i = 0; i < planned.Map.ZoneCount; i++)
        {
            ZonePlan zone = planned.Map.ZoneAt(i);
            MemoryRegion region = planned.Map.FindRegion(zone.Start)!;
            if (region.CacheLine == 0 && region.Dma.HasFlag(board.Engine))
            {
                return new DescriptorNeed(count, bytes, $"zone {zone.Name}, region {region.Name}", bytes <= zone.Size);
            }
        }
        return new DescriptorNeed(count, bytes, "internal memory of the runtime: no zone is uncached and in the engine's reach", true);
    }

    /// <summary>The descriptors of a stream.</summary>
    public static long Of(VideoStream stream) =>
        stream.BounceBytes > 0 ? Contract.PiecesAtOnce : (long)stream.Segments * stream.Buffers;
}
