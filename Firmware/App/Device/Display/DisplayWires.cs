using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Spi;
using Carveout.Buses;
using Carveout.Video.Displays;

namespace Carveout.App
{
    /// <summary>Opens the wires of a board's display with nanoFramework's libraries.</summary>
    internal static class DisplayWires
    {
        /// <summary>The most bytes of data in one I2C transfer: a page of an SSD1306.</summary>
        private const int MostI2cData = 128;

        /// <summary>Opens the wires. The display's reset is not one of them: connect it to the board's own.</summary>
        internal static DisplayBus Open(DisplayWiring wiring, GpioController pins)
        {
            if (wiring.Kind == DisplayKind.Ssd1306)
            {
                PinFunctions.I2c(wiring);
                return new I2cDisplayBus(
                    I2cDevice.Create(new I2cConnectionSettings(wiring.Bus, wiring.Address, I2cBusSpeed.FastMode)), null, MostI2cData);
            }
            PinFunctions.Spi(wiring);
            var settings = new SpiConnectionSettings(wiring.Bus, wiring.ChipSelectPin)
            {
                ClockFrequency = wiring.Frequency, Mode = SpiMode.Mode0, DataFlow = DataFlow.MsbFirst,
            };
            return new SpiDisplayBus(SpiDevice.Create(settings), pins.OpenPin(wiring.DataCommandPin, PinMode.Output), null);
        }
    }
}
