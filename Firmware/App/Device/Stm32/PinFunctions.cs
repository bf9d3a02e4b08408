namespace Carveout.App
{
    /// <summary>STM32 firmware has assigned pins to each bus when it was built.</summary>
    internal static class PinFunctions
    {
        /// <summary>Does nothing.</summary>
        internal static void Spi(DisplayWiring wiring)
        {
        }

        /// <summary>Does nothing.</summary>
        internal static void I2c(DisplayWiring wiring)
        {
        }
    }
}
