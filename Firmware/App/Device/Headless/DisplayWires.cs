using System.Device.Gpio;
using Carveout.Video.Displays;

namespace Carveout.App
{
    /// <summary>For boards without a display, so that their firmware needs no libraries for SPI and I2C.</summary>
    internal static class DisplayWires
    {
        internal static DisplayBus Open(DisplayWiring wiring, GpioController pins) => null;
    }
}
