namespace Carveout.Board
{
    /// <summary>What a region is made of.</summary>
    public enum MemoryKind
    {
        /// <summary>Static RAM on the chip's bus matrix.</summary>
        Sram,

        /// <summary>RAM coupled to the core (CCM, DTCM): fast for the CPU, often out of the reach of DMA.</summary>
        CoreCoupled,

        /// <summary>Instruction RAM that can hold data at a price (ESP32: 32-bit accesses only).</summary>
        InstructionRam,

        /// <summary>Pseudo-static RAM behind a serial bus and a cache.</summary>
        Psram,

        /// <summary>Synchronous dynamic RAM on the external memory controller.</summary>
        Sdram,
    }
}
