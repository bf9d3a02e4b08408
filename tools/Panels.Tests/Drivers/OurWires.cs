using Carveout.Video.Displays;

namespace Carveout.Panels.Tests.Drivers;

/// <summary>The wires of Carveout's own drivers with a panel at their end; no time passes.</summary>
internal sealed class OurWires(Panel panel) : DisplayBus
{
    public override void Command(byte command) => panel.Command(command);

    public override void Reset() => panel.Reset();

    public override void Delay(int milliseconds)
    {
    }

    protected override void Transfer(byte[] buffer, int offset, int length) => panel.Data(buffer.AsSpan(offset, length));
}
