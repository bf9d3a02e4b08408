using System;
using Carveout.Board;
using Carveout.Board.Boards;

namespace Carveout
{
    /// <summary>Describes what was really reserved as a memory map: a region for each bank, a pool at the end of the first ones, zones over
    /// the rest.</summary>
    internal sealed class ReservedMap
    {
        private readonly MemoryMap _board;
        private readonly PageMapKind _pages;
        private uint _pool;

        /// <summary>An empty map.</summary>
        /// <param name="source">What kind of memory it is, for the map's name.</param>
        internal ReservedMap(MemoryMap board, string source, PageMapKind pages)
        {
            _board = board;
            _pages = pages;
            Map = new MemoryMap(board.Name + ", " + source, board.PageSize);
        }

        internal MemoryMap Map { get; }

        /// <summary>Adds the banks of managed memory: no engine reaches them, and no cache has to be kept in step.</summary>
        /// <param name="home">The board's region that has the managed heap, or null.</param>
        internal void AddBanks(ManagedMemory memory, MemoryRegion? home, uint poolSize)
        {
            uint room = 0;
            for (int i = 0; i < memory.BankCount; i++)
            {
                room += WholePages((uint)memory.BankSizeAt(i));
            }
            Plan(poolSize, room);
            MemoryKind kind = home == null ? MemoryKind.Sram : home.Kind;
            for (int i = 0; i < memory.BankCount; i++)
            {
                var bank = new MemoryRegion("bank" + i.ToString(), kind, memory.BankStartAt(i), (uint)memory.BankSizeAt(i), DmaEngines.None, 0);
                Divide(bank, i);
            }
        }

        /// <summary>Adds memory that the runtime does not own, with the engines of the board's region that holds it; if no region holds it,
        /// no engine is known to reach it.</summary>
        /// <param name="cacheLine">Bytes of a cache line; -1: the board's region says.</param>
        /// <exception cref="ArgumentException">The memory is smaller than a page.</exception>
        internal void AddNative(uint start, uint size, int cacheLine, uint poolSize)
        {
            uint page = (uint)Map.PageSize, first = (start + (page - 1)) / page * page, skipped = first - start;
            // If the start is 0 or the end wraps around, the map's validator says so.
            uint room = start == 0 || first == 0 || size < skipped ? 0 : WholePages(size - skipped);
            if (room == 0)
            {
                throw new ArgumentException("native reservation " + HexText.OfSpan(start, size) + " of " + size.ToString()
                    + " bytes: expected at least a page of " + page.ToString() + " bytes that begins on one, and not at 0");
            }
            MemoryRegion real = _board.FindRegion(start);
            bool known = real != null && real.Contains(start, size);
            int line = cacheLine >= 0 ? cacheLine : known ? real.CacheLine : 0;
            Plan(poolSize, room);
            Divide(known ? new MemoryRegion(real.Name, real.Kind, first, room, real.Dma, line, real.BusStart + (first - real.Start))
                : new MemoryRegion("native", MemoryKind.Sram, first, room, DmaEngines.None, line), 0);
        }

        /// <summary>The pool is all or nothing, and a page must stay for the zones.</summary>
        private void Plan(uint poolSize, uint room)
        {
            uint pool = WholePages(poolSize + ((uint)Map.PageSize - 1));
            _pool = pool < room ? pool : 0;
        }

        private void Divide(MemoryRegion bank, int index)
        {
            uint room = WholePages(bank.Size), pool = _pool < room ? _pool : room;
            string suffix = index == 0 ? "" : index.ToString();
            Map.Add(bank);
            _pool -= pool;
            if (pool > 0)
            {
                Map.Add(new Reservation(BoardCatalog.PoolName + suffix, bank.Start + (room - pool), pool));
            }
            if (room > pool)
            {
                bool dma = bank.Dma != DmaEngines.None;
                Map.Add(new ZonePlan((dma ? "DMA" : "NORMAL") + suffix, dma ? ZoneKind.Dma : ZoneKind.Normal, bank.Start, room - pool, bank.Dma,
                    _pages));
            }
        }

        private uint WholePages(uint size) => size / (uint)Map.PageSize * (uint)Map.PageSize;
    }
}
