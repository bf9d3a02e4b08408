// The few types of nanoFramework's libraries that the displays' wires and the application's device code use, with their names. They record
// calls. Only the members that are called are here; the surface check compiles the same files against all of them.

namespace System
{
    public readonly struct SpanByte(byte[] array, int start, int length)
    {
        public byte[] ToArray() => array.AsSpan(start, length).ToArray();
    }
}

namespace System.Device.Gpio
{
    public enum PinValue
    {
        Low,
        High,
    }

    public enum PinMode
    {
        Input = 0,
        InputPullUp = 2,
        Output = 3,
    }

    public enum PinEventTypes
    {
        None = 0,
        Rising = 1,
        Falling = 2,
    }

    public sealed class PinValueChangedEventArgs(PinEventTypes changeType) : EventArgs
    {
        public PinEventTypes ChangeType { get; } = changeType;
    }

    public delegate void PinValueChangedEventHandler(object sender, PinValueChangedEventArgs e);

    public sealed class GpioPin(string name, List<string> log)
    {
        public event PinValueChangedEventHandler? ValueChanged;

        public TimeSpan DebounceTimeout { get; set; }

        public void Write(PinValue value) => log.Add($"{name}={(int)value}");

        /// <summary>What the hardware would do.</summary>
        public void Change(PinEventTypes type) => ValueChanged?.Invoke(this, new PinValueChangedEventArgs(type));
    }

    public sealed class GpioController
    {
        /// <summary>The pins of the last controller, by number.</summary>
        public static Dictionary<int, (GpioPin Pin, PinMode Mode)> Opened { get; } = [];

        /// <summary>The levels that are written to them.</summary>
        public static List<string> Log { get; } = [];

        public GpioPin OpenPin(int pinNumber, PinMode mode)
        {
            var pin = new GpioPin(pinNumber.ToString(Globalization.CultureInfo.InvariantCulture), Log);
            Opened[pinNumber] = (pin, mode);
            return pin;
        }
    }
}

namespace System.Device.Spi
{
    public enum SpiMode
    {
        Mode0,
    }

    public enum DataFlow
    {
        MsbFirst,
    }

    public sealed record SpiConnectionSettings(int BusId, int ChipSelectLine)
    {
        public int ClockFrequency { get; set; }

        public SpiMode Mode { get; set; }

        public DataFlow DataFlow { get; set; }
    }

    public sealed class SpiDevice(List<string> log)
    {
        /// <summary>The settings of the last device.</summary>
        public static SpiConnectionSettings? Settings { get; private set; }

        public static SpiDevice Create(SpiConnectionSettings settings)
        {
            Settings = settings;
            return new SpiDevice(Gpio.GpioController.Log);
        }

        public void WriteByte(byte value) => log.Add($"{value:X2}");

        public void Write(SpanByte buffer) => log.Add(Convert.ToHexString(buffer.ToArray()));
    }
}

namespace System.Device.I2c
{
    public enum I2cBusSpeed
    {
        StandardMode,
        FastMode,
    }

    public enum I2cTransferStatus
    {
        UnknownError = 0,
        FullTransfer = 1,
        SlaveAddressNotAcknowledged = 4,
    }

    public readonly record struct I2cTransferResult(uint BytesTransferred, I2cTransferStatus Status);

    public sealed record I2cConnectionSettings(int BusId, int DeviceAddress, I2cBusSpeed BusSpeed);

    public sealed class I2cDevice(List<string> log)
    {
        public I2cConnectionSettings ConnectionSettings { get; private init; } = new(1, 0x3C, I2cBusSpeed.StandardMode);

        public I2cTransferResult? Failure { get; set; }

        public static I2cDevice Create(I2cConnectionSettings settings) => new(Gpio.GpioController.Log) { ConnectionSettings = settings };

        public I2cTransferResult Write(SpanByte buffer)
        {
            byte[] bytes = buffer.ToArray();
            log.Add(Convert.ToHexString(bytes));
            return Failure ?? new I2cTransferResult((uint)bytes.Length, I2cTransferStatus.FullTransfer);
        }
    }
}

namespace Iot.Device.Ssd13xx
{
    public class Ssd13xx(int width, int height)
    {
        public int Width { get; set; } = width;

        public int Height { get; set; } = height;

        public byte[]? Drawn { get; private set; }

        public byte[]? Shown { get; private set; }

        public void DrawDirectAligned(int x, int y, int width, int height, byte[] buffer)
        {
            if (x != 0 || y != 0 || buffer.Length != width * height / 8)
            {
                throw new ArgumentException("Width and height do not match the bitmap size.");
            }
            Drawn = [.. buffer];
        }

        public void Display() => Shown = Drawn;
    }
}

namespace nanoFramework.Hardware.Esp32
{
    public enum DeviceFunction
    {
        SPI1_MOSI = 65792,
        SPI1_CLOCK = 65794,
        SPI2_CLOCK = 66050,
        I2C1_DATA = 131328,
        I2C1_CLOCK = 131329,
    }

    public static class Configuration
    {
        public static void SetPinFunction(int pin, DeviceFunction value) => System.Device.Gpio.GpioController.Log.Add($"{pin} {(int)value}");
    }

    public static class NativeMemory
    {
        public enum MemoryType
        {
            All = 0,
            Internal = 1,
            SpiRam = 2,
        }

        public static void GetMemoryInfo(MemoryType memType, out uint totalSize, out uint totalFreeSize, out uint largestFreeBlock) =>
            (totalSize, totalFreeSize, largestFreeBlock) = memType == MemoryType.SpiRam ? (4192139u, 260000u, 245760u) : (300000u, 120000u, 65536u);
    }
}

namespace nanoFramework.Runtime.Native
{
    public static class GC
    {
        public static uint Run(bool compactHeap) => compactHeap ? 0 : 654321u;
    }
}
