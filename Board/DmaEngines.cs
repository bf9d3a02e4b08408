using System;

namespace Carveout.Board
{
    /// <summary>The DMA engines that can reach a region, or that a zone promises to serve.</summary>
    [Flags]
    public enum DmaEngines
    {
        /// <summary>No engine: the CPU alone reaches the memory.</summary>
        None = 0,

        /// <summary>The general-purpose engines: DMA1 and DMA2 on STM32, the peripherals' own on ESP32 (SPI, I2S), SDMA and IPU on i.MX.</summary>
        General = 1,

        /// <summary>STM32H7's master DMA, the only one that reaches its tightly coupled memory.</summary>
        Mdma = 2,

        /// <summary>STM32H7's basic DMA in the D3 domain.</summary>
        Bdma = 4,

        /// <summary>ESP32-S3's general DMA, which reaches PSRAM as well.</summary>
        Gdma = 8,
    }
}
