// The few types of nanoFramework's libraries that the wires of the displays use, under their names: they write down what they are told.
// Of each only what Firmware/Buses calls; the surface check compiles the same files against all of it.

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

    public sealed class GpioPin(string name, List<string> log)
    {
        public void Write(PinValue value) => log.Add($"{name}={(int)value}");
    }
}

namespace System.Device.Spi
{
    public sealed class SpiDevice(List<string> log)
    {
        public void WriteByte(byte value) => log.Add($"{value:X2}");

        public void Write(SpanByte buffer) => log.Add(Convert.ToHexString(buffer.ToArray()));
    }
}

namespace System.Device.I2c
{
    public enum I2cTransferStatus
    {
        UnknownError = 0,
        FullTransfer = 1,
        SlaveAddressNotAcknowledged = 4,
    }

    public readonly record struct I2cTransferResult(uint BytesTransferred, I2cTransferStatus Status);

    public sealed record I2cConnectionSettings(int DeviceAddress);

    public sealed class I2cDevice(List<string> log)
    {
        public I2cConnectionSettings ConnectionSettings { get; } = new(0x3C);

        public I2cTransferResult? Failure { get; set; }

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
