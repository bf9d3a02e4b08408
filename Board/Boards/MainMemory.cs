using System;

namespace Carveout.Board.Boards
{
    /// <summary>Cuts the memory that a board gives to Carveout into a buffer pool and zones.</summary>
    public static class MainMemory
    {
        /// <summary>Adds the pool, at the top, and the zones, below it, to <paramref name="map"/>.</summary>
        /// <param name="map">The board's map, its regions already there.</param>
        /// <param name="start">First address, a multiple of the page size.</param>
        /// <param name="size">Bytes, a multiple of the page size.</param>
        /// <param name="engines">The engines that reach it. With None all of it is NORMAL, whatever the layout.</param>
        /// <param name="layout">One zone or two.</param>
        /// <param name="dmaSize">Bytes of the DMA zone of a split layout, a multiple of four pages. The pool's size is subtracted from it,
        /// but at least a quarter is left: beside a pool the zone serves small buffers only.</param>
        /// <param name="poolSize">Bytes to reserve, 0 for no pool; rounded up to pages.</param>
        /// <exception cref="ArgumentOutOfRangeException">The pool is negative, or does not leave a page for the zones.</exception>
        public static void Divide(MemoryMap map, uint start, uint size, DmaEngines engines, ZoneLayout layout, uint dmaSize,
            int poolSize, PageMapKind pages)
        {
            if (map == null)
            {
                throw new ArgumentNullException(nameof(map));
            }
            uint page = (uint)map.PageSize;
            // At least one page must be left for a zone.
            if (poolSize < 0 || (uint)poolSize > size - page)
            {
                throw new ArgumentOutOfRangeException(nameof(poolSize), poolSize.ToString() + " bytes of pool: " + map.Name + " has "
                    + size.ToString() + " bytes at " + HexText.Of(start) + ", of which one page must stay for the zones");
            }
            uint pool = ((uint)poolSize + page - 1) / page * page;
            size -= pool;
            if (engines == DmaEngines.None)
            {
                map.Add(new ZonePlan("NORMAL", ZoneKind.Normal, start, size, DmaEngines.None, pages));
            }
            else
            {
                uint least = dmaSize / 4;
                dmaSize = pool < dmaSize - least ? dmaSize - pool : least;
                if (layout == ZoneLayout.Single || dmaSize >= size)
                {
                    dmaSize = size;
                }
                map.Add(new ZonePlan("DMA", ZoneKind.Dma, start, dmaSize, engines, pages));
                if (dmaSize < size)
                {
                    map.Add(new ZonePlan("NORMAL", ZoneKind.Normal, start + dmaSize, size - dmaSize, DmaEngines.None, pages));
                }
            }
            if (pool > 0)
            {
                map.Add(new Reservation(BoardCatalog.PoolName, start + size, pool));
            }
        }
    }
}
