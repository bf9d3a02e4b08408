namespace Carveout.Board
{
    /// <summary>What a region is made of.</summary>
    public enum MemoryKind
    {
        /// <summary>Static RAM on the chip's bus matrix.</summary>
        Sram,

        /// <summary>RAM coupled to the core (CCM, DTCM): fast for the CPU, often not reached by DMA.</summary>
        CoreCoupled,

        /// <summary>Instruction RAM that can hold data with restrictions (ESP32: 32-bit accesses only).</summary>
        InstructionRam,

        /// <summary>Pseudo-static RAM behind a serial bus and a cache.</summary>
        Psram,

        /// <summary>Synchronous dynamic RAM on the external memory controller.</summary>
        Sdram,
    }
}
