namespace Carveout.App
{
    /// <summary>A display's bus and pins, as nanoFramework numbers them. On STM32 a pin's number is 16 * port + pin (PD13: 61), and the
    /// firmware has assigned pins to the bus. On ESP32 the program assigns them.</summary>
    public sealed class DisplayWiring
    {
        private const int None = -1;

        private DisplayWiring(DisplayKind kind, int bus, int frequency)
        {
            Kind = kind;
            Bus = bus;
            Frequency = frequency;
            ClockPin = DataPin = ChipSelectPin = DataCommandPin = None;
        }

        internal static DisplayWiring Nothing() => new DisplayWiring(DisplayKind.None, 0, 0);

        /// <summary>A display on SPI, mode 0.</summary>
        internal static DisplayWiring Spi(DisplayKind kind, int bus, int frequency, int clock, int data, int chipSelect, int dataCommand)
        {
            return new DisplayWiring(kind, bus, frequency)
            {
                ClockPin = clock, DataPin = data, ChipSelectPin = chipSelect, DataCommandPin = dataCommand,
            };
        }

        internal static DisplayWiring I2c(DisplayKind kind, int bus, int address, int clock, int data)
        {
            return new DisplayWiring(kind, bus, 400000) { Address = address, ClockPin = clock, DataPin = data };
        }

        /// <summary>Which display.</summary>
        public DisplayKind Kind { get; }

        /// <summary>The bus's number, from 1.</summary>
        public int Bus { get; }

        /// <summary>Bits a second.</summary>
        public int Frequency { get; }

        /// <summary>The pin of SPI's clock or I2C's SCL; -1 if the firmware has assigned it.</summary>
        public int ClockPin { get; private set; }

        /// <summary>The pin of SPI's MOSI or I2C's SDA; -1 if the firmware has assigned it.</summary>
        public int DataPin { get; private set; }

        /// <summary>The pin of SPI's chip select.</summary>
        public int ChipSelectPin { get; private set; }

        /// <summary>The pin that tells data from commands on SPI: D/C, or RS.</summary>
        public int DataCommandPin { get; private set; }

        /// <summary>The display's seven-bit address on I2C.</summary>
        public int Address { get; private set; }
    }
}
