using Carveout.Video.Devices;
using static Carveout.Emulator.Tests.Machine.TestBoard;

namespace Carveout.Emulator.Tests.Machine;

/// <summary>A QVGA panel at 40 MHz: 153,600 bytes are 30,720 microseconds on the wire, in ten transfers with 20 microseconds of set-up
/// each.</summary>
[TestClass]
public sealed class SpiDisplayTests
{
    private const int LineBytes = 640, Lines = 240, FrameBytes = LineBytes * Lines, FrameTime = 30_920;

    private readonly EmulatedMachine _machine = NewMachine();
    private readonly EmulatedSpiDisplay _display;
    private readonly Log _log;

    public SpiDisplayTests()
    {
        _display = NewDisplay(40_000_000);
        _log = new Log(_machine);
        Write(_machine.Memory, Pool, Picture());
    }

    [TestMethod]
    public void A_frame_goes_out_in_transfers_of_16_KB_at_the_pace_of_the_wire()
    {
        Assert.IsTrue(Send());
        Assert.IsTrue(_display.IsBusy);
        Assert.IsFalse(Send(), "it is busy");
        _machine.RunTo(FrameTime - 1);
        Assert.AreEqual(0, _display.Frames);
        _machine.RunTo(FrameTime + 100);
        Assert.AreEqual($"{FrameTime} sent {HexText.Of(Pool)} at {FrameTime} Done {FrameBytes}", _log.ToString());
        Assert.AreEqual(10, _display.Transfers);
        Assert.AreEqual(CommandDisplay.MaxTransfer, _display.LargestTransfer);
        Assert.IsTrue(_display.LastFrame.SequenceEqual(Picture()));
        Assert.IsFalse(_display.IsBusy);
        Assert.AreEqual(0, _display.TornFrames);
    }

    [TestMethod]
    public void A_wire_that_is_faster_than_the_bus_waits_for_it()
    {
        EmulatedSpiDisplay display = NewDisplay(1_600_000_000);
        display.Send(Pool, NumberOf(Pool), _log);
        _machine.RunTo(10_000);
        // There are 150 pieces of 1024 bytes: 10.24 on the bus, due at 11, and 5.12 on the wire. The first of a transfer takes 25.12 with
        // its set-up and is due at 26.
        Assert.AreEqual($"1800 sent {HexText.Of(Pool)} at 1800 Done {FrameBytes}", _log.ToString());
    }

    [TestMethod]
    public void A_buffer_that_is_drawn_in_while_it_is_sent_counts_as_torn()
    {
        Send();
        _machine.RunTo(15_000);
        _machine.CpuMemory.Fill(Pool, FrameBytes, 0);
        _machine.RunTo(FrameTime);
        Assert.AreEqual(1, _display.TornFrames);
        Assert.AreNotEqual(0, _display.LastFrame[0]);
        Assert.AreEqual(0, _display.LastFrame[^1]);
        Send();
        _machine.RunTo(2 * FrameTime);
        Assert.AreEqual(1, _display.TornFrames);
        Assert.AreEqual(2, _display.Frames);
    }

    [TestMethod]
    public void An_abort_leaves_the_rest_of_the_frame_before()
    {
        Send();
        _machine.RunTo(1_000);
        _display.Abort();
        _machine.RunTo(2 * FrameTime);
        // Pieces take 204.8 each after the 20 of the set-up: four are over.
        Assert.AreEqual($"1000 sent {HexText.Of(Pool)} at 1000 Aborted 4096", _log.ToString());
        _display.Abort();
        Assert.IsTrue(Send());
        _machine.RunTo(3 * FrameTime);
        Assert.EndsWith($"Done {FrameBytes}", _log.ToString());
    }

    [TestMethod]
    public void An_ordered_bus_error_ends_the_frame_that_was_ordered()
    {
        _display.FailFrame(2);
        for (int i = 0; i < 3; i++)
        {
            Send();
            _machine.RunTo(_machine.Events.Now + (2 * FrameTime));
        }
        Assert.AreEqual(2, _display.Frames);
        Assert.Contains("BusError 1024", _log.ToString());
    }

    [TestMethod]
    public void Memory_that_its_engine_does_not_reach_is_a_bus_error()
    {
        _display.Send(Ccm, NumberOf(Ccm), _log);
        _machine.RunTo(2 * FrameTime);
        Assert.Contains("BusError 0", _log.ToString());
    }

    [TestMethod]
    public void A_display_that_is_pulled_out_gives_its_buffer_back_and_answers_no_more()
    {
        Send();
        _machine.RunTo(1_000);
        _display.Unplug();
        _machine.RunTo(2_000);
        Assert.Contains("Aborted", _log.ToString());
        Assert.IsFalse(_display.IsPresent || _display.IsBusy || Send());
        _display.Plug();
        Assert.IsTrue(Send());
        Assert.AreEqual(0, _display.LastFrame[1024]);
    }

    [TestMethod]
    public void A_lost_interrupt_leaves_it_busy_until_it_is_polled()
    {
        _display.Interrupt.Lose(1);
        Send();
        _machine.RunTo(40_000);
        Assert.IsTrue(_display.IsBusy);
        _display.Poll();
        Assert.AreEqual($"40000 sent {HexText.Of(Pool)} at {FrameTime} Done {FrameBytes}", _log.ToString());
        Assert.IsFalse(_display.IsBusy);
    }

    private EmulatedSpiDisplay NewDisplay(int clock)
    {
        var display = new EmulatedSpiDisplay(_machine, new SpiDisplaySpec("ili9341", DmaEngines.General, 320, Lines, LineBytes, clock));
        Open(display.Port);
        return display;
    }

    private bool Send() => _display.Send(Pool, NumberOf(Pool), _log);

    private static byte[] Picture() => [.. Enumerable.Range(0, FrameBytes).Select(i => (byte)(1 + (i % 255)))];

    private sealed class Log(EmulatedMachine machine) : CommandDisplayListener
    {
        private readonly List<string> _lines = [];

        public override void OnFrameSent(CommandDisplay display, int number, long timestamp, DmaResult result, int bytes) =>
            _lines.Add($"{machine.Events.Now} sent {HexText.Of(BufferOf(number))} at {timestamp} {result} {bytes}");

        public override string ToString() => string.Join("; ", _lines);
    }
}
