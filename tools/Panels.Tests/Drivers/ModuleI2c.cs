using System.Device.I2c;

namespace Carveout.Panels.Tests.Drivers;

/// <summary>System.Device.I2c with an SSD1306 at the other end, which reads control bytes by its datasheet.</summary>
internal sealed class ModuleI2c(Ssd1306Panel panel) : I2cDevice
{
    private const int Continues = 0x80, IsData = 0x40;

    public override I2cConnectionSettings ConnectionSettings { get; } = new(1, 0x3C);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 1)
        {
            // With Co, one byte follows and then another control byte; without it, the rest is of one kind.
            int control = buffer[0], length = (control & Continues) != 0 ? 1 : buffer.Length - 1;
            Take((control & IsData) != 0, buffer.Slice(1, length));
            buffer = buffer[(1 + length)..];
        }
    }

    public override void Read(Span<byte> buffer) => throw new NotSupportedException("drivers of displays only write");

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => Read(readBuffer);

    private void Take(bool isData, ReadOnlySpan<byte> bytes)
    {
        if (isData)
        {
            panel.Data(bytes);
            return;
        }
        foreach (byte command in bytes)
        {
            panel.Command(command);
        }
    }
}
