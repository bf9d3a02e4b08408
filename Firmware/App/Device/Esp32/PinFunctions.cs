using nanoFramework.Hardware.Esp32;

namespace Carveout.App
{
    /// <summary>Assigns a display's bus to its pins: on ESP32 any pin can have any function.</summary>
    internal static class PinFunctions
    {
        /// <summary>nanoFramework numbers pin functions by bus: those of bus 2 are 256 above those of bus 1.</summary>
        private const int BusStep = DeviceFunction.SPI2_CLOCK - DeviceFunction.SPI1_CLOCK;

        /// <summary>Assigns SPI's clock and data output; nothing is read from a display.</summary>
        internal static void Spi(DisplayWiring wiring)
        {
            Set(wiring.ClockPin, DeviceFunction.SPI1_CLOCK, wiring.Bus);
            Set(wiring.DataPin, DeviceFunction.SPI1_MOSI, wiring.Bus);
        }

        /// <summary>Assigns I2C's two wires.</summary>
        internal static void I2c(DisplayWiring wiring)
        {
            Set(wiring.ClockPin, DeviceFunction.I2C1_CLOCK, wiring.Bus);
            Set(wiring.DataPin, DeviceFunction.I2C1_DATA, wiring.Bus);
        }

        private static void Set(int pin, DeviceFunction first, int bus)
        {
            Configuration.SetPinFunction(pin, (DeviceFunction)((int)first + (bus - 1) * BusStep));
        }
    }
}
