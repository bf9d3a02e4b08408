using Carveout.Video.Devices;

namespace Carveout.Emulator.Tests.Machine;

/// <summary>Ignores the frames that were sent.</summary>
internal sealed class DeafListener : CommandDisplayListener
{
    public override void OnFrameSent(CommandDisplay display, int number, long timestamp, DmaResult result, int bytes)
    {
    }
}
