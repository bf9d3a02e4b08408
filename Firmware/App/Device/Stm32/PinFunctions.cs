namespace Carveout.App
{
    /// <summary>STM32 firmware has laid each bus on its pins when it was built.</summary>
    internal static class PinFunctions
    {
        /// <summary>Nothing to do.</summary>
        internal static void Spi(DisplayWiring wiring)
        {
        }

        /// <summary>Nothing to do.</summary>
        internal static void I2c(DisplayWiring wiring)
        {
        }
    }
}
