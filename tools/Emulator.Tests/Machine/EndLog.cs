using Carveout.Board.Devices;

namespace Carveout.Emulator.Tests.Machine;

/// <summary>Writes down how transfers end.</summary>
internal sealed class EndLog(EmulatedMachine machine) : DmaCompletion
{
    public List<string> Lines { get; } = [];

    public Action? Then { get; set; }

    public override void OnTransferEnd(DmaController controller, int channel, DmaResult result, int moved)
    {
        Lines.Add($"{machine.Events.Now} channel {channel} {result} {moved}");
        Then?.Invoke();
    }

    public override string ToString() => string.Join("; ", Lines);
}
