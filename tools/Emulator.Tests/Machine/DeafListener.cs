using Carveout.Video.Devices;

namespace Carveout.Emulator.Tests.Machine;

/// <summary>Hears nothing of the frames that were sent.</summary>
internal sealed class DeafListener : CommandDisplayListener
{
    public override void OnFrameSent(CommandDisplay display, uint buffer, long timestamp, DmaResult result, int bytes)
    {
    }
}
