using System.Device.Spi;

namespace Carveout.Panels.Tests.Drivers;

/// <summary>System.Device.Spi with a panel at the other end of the wire.</summary>
internal sealed class ModuleSpi(Panel panel, ModulePins pins) : SpiDevice
{
    public override SpiConnectionSettings ConnectionSettings { get; } = new(0);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (pins.IsData)
        {
            panel.Data(buffer);
            return;
        }
        foreach (byte command in buffer)
        {
            panel.Command(command);
        }
    }

    public override void Read(Span<byte> buffer) => throw new NotSupportedException("the module has no wire back");

    public override void TransferFullDuplex(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => Read(readBuffer);
}
