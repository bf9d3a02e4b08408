using System.Device.Gpio;
using Carveout.Video.Displays;

namespace Carveout.App
{
    /// <summary>For boards without a display: so the libraries of SPI and I2C need not be in their firmware.</summary>
    internal static class DisplayWires
    {
        /// <summary>There are none.</summary>
        internal static DisplayBus Open(DisplayWiring wiring, GpioController pins)
        {
            return null;
        }
    }
}
