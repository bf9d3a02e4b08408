using System;
using Carveout.Board;
using Carveout.Board.Boards;
using Carveout.Diagnostics;
using Carveout.Memory;

namespace Carveout
{
    /// <summary>Several regions that firmware keeps from the runtime, for pools of frames whose places somebody planned. What
    /// <c>carveout plan --csharp</c> prints where one region does not hold the streams.</summary>
    public static class FrameRegions
    {
        /// <summary>Uses the regions.</summary>
        /// <remarks>Frames lie at the end of each region; what is before them, a page at least in one of the regions, is the page allocator's.
        /// Pools that are made in the planned order lie where the plan says, and a pool's frames may lie in several regions.</remarks>
        /// <param name="board">The board as it is; it is read and not changed. A region gets the DMA engines of the board's region that
        /// contains it, or of several adjacent ones that are alike.</param>
        /// <param name="regions">The regions, of whole pages each.</param>
        /// <param name="frameBytes">Bytes of each region for frames, whole pages.</param>
        /// <param name="shares">For the first pool, how many of its frames lie in each region that has frames; then for the second pool,
        /// and so on. A pool without such numbers gets the remaining places.</param>
        /// <returns>The memory, with nothing of it taken.</returns>
        /// <exception cref="ArgumentException">The board's map has a fault, a region is missing or has fewer bytes, no region has a page
        /// beside the frames, or numbers are missing or negative.</exception>
        public static CarveoutMemory Reserve(MemoryMap board, ReservedMemory[] regions, int[] frameBytes, int[] shares)
        {
            CarveoutMemory.Judge(board);
            Misuse.Given(regions, nameof(regions));
            Misuse.Given(frameBytes, nameof(frameBytes));
            Misuse.Given(shares, nameof(shares));
            if (regions.Length == 0 || frameBytes.Length != regions.Length)
            {
                throw new ArgumentException(regions.Length.ToString() + " regions, " + frameBytes.Length.ToString()
                    + " sizes: expected a region and a size for each");
            }
            var map = new MemoryMap(board.Name + ", native regions", board.PageSize);
            uint taken = 0;
            string text = "";
            for (int i = 0; i < regions.Length; i++)
            {
                Add(map, board, regions[i], frameBytes[i], i);
                taken += regions[i].Size;
                MemoryRegion region = map.RegionAt(i);
                text += (i == 0 ? "native regions: " : ", ") + region.Size.ToString() + " bytes (" + SizeText.Of(region.Size) + ") at "
                    + HexText.Of(region.Start) + " in " + region.Name;
            }
            if (map.ZoneCount == 0 || map.ReservationCount == 0)
            {
                throw new ArgumentException(map.ZoneCount != 0 ? "no region has frames" : "frames have all pages of all regions: expected a page"
                    + " beside them, for the page allocator");
            }
            return new CarveoutMemory(map, new JoinedMemory(regions), new MemoryReservation(taken, taken, -1, "", text),
                new PlannedFrames(map, shares));
        }

        private static void Add(MemoryMap map, MemoryMap board, ReservedMemory native, int frameBytes, int index)
        {
            uint page = (uint)board.PageSize, frames = (uint)frameBytes;
            if (native == null || native.Size < frames || (native.Start | native.Size | frames) % page != 0)
            {
                throw new ArgumentException("region " + index.ToString() + (native == null ? " is not there"
                    : ", " + HexText.OfSpan(native.Start, native.Size)) + ": expected whole pages of " + page.ToString() + " bytes, of which "
                    + frameBytes.ToString() + " bytes are for frames, in firmware that was built for this plan");
            }
            MemoryRegion real = board.FindRegion(native.Start);
            bool known = real != null && (ulong)native.Start + native.Size <= board.EndOfRun(real);
            string suffix = index == 0 ? "" : index.ToString(), name = known ? real.Name : "native";
            for (int i = 0; i < index; i++)
            {
                // Two of them may lie in one region of the board.
                name += map.RegionAt(i).Name == name ? suffix : "";
            }
            map.Add(known ? new MemoryRegion(name, real.Kind, native.Start, native.Size, real.Dma, native.CacheLine,
                real.BusStart + (native.Start - real.Start))
                : new MemoryRegion(name, MemoryKind.Sram, native.Start, native.Size, DmaEngines.None, native.CacheLine));
            if (frames != 0)
            {
                map.Add(new Reservation(BoardCatalog.PoolName + suffix, native.Start + (native.Size - frames), frames));
            }
            if (native.Size > frames)
            {
                DmaEngines engines = map.RegionAt(index).Dma;
                map.Add(engines == DmaEngines.None
                    ? new ZonePlan("NORMAL" + suffix, ZoneKind.Normal, native.Start, native.Size - frames, engines, PageMapKind.Runs)
                    : new ZonePlan("DMA" + suffix, ZoneKind.Dma, native.Start, native.Size - frames, engines, PageMapKind.Runs));
            }
        }
    }
}
