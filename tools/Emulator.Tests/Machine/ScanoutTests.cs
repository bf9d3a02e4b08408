using Carveout.Video.Devices;
using static Carveout.Emulator.Tests.Machine.TestBoard;

namespace Carveout.Emulator.Tests.Machine;

/// <summary>A display of 8 lines of 64 bytes, 100 refreshes a second, 2 blank lines first: lines are read 2000, 3000 … 9000 microseconds
/// after vsync.</summary>
[TestClass]
public sealed class ScanoutTests
{
    private const int LineBytes = 64, Lines = 8, FrameBytes = LineBytes * Lines, Refresh = 10_000;
    private const uint A = Pool, B = Pool + 4096;

    private readonly EmulatedMachine _machine = NewMachine();
    private readonly EmulatedScanout _display;
    private readonly Log _log;

    public ScanoutTests()
    {
        var spec = new ScanoutSpec("ltdc", DmaEngines.General, LineBytes / 2, Lines, LineBytes, 100) { BlankLines = 2 };
        _display = new EmulatedScanout(_machine, spec);
        Open(_display.Port);
        _log = new Log(_machine);
        _machine.Memory.Fill(A, FrameBytes, 1);
        _machine.Memory.Fill(B, FrameBytes, 2);
    }

    [TestMethod]
    public void A_frame_is_on_the_screen_when_its_last_line_was_read()
    {
        long shown = -1;
        _display.FrameShown = _ => shown = _machine.Events.Now;
        Assert.IsTrue(_display.Start(A, NumberOf(A), _log));
        _machine.RunTo(8999);
        Assert.AreEqual(0, _display.Frames);
        _machine.RunTo(9000);
        Assert.AreEqual(1, _display.Frames);
        Assert.AreEqual(9000, shown);
        Assert.AreEqual(A, _display.LastBuffer);
        Assert.AreEqual("1", Screen());
        Assert.AreEqual(FrameBytes, _display.Port.BytesRead);
        Assert.AreEqual(10_000, _display.RefreshPeriod);
    }

    [TestMethod]
    public void Another_buffer_is_taken_at_vsync_and_the_one_before_is_free_then()
    {
        _display.Start(A, NumberOf(A), _log);
        _machine.RunTo(5000);
        Assert.IsTrue(_display.Show(B, NumberOf(B)));
        Assert.AreEqual(A, _display.Shown);
        Assert.AreEqual(B, _display.Pending);
        Assert.IsFalse(_display.Show(A, NumberOf(A)), "one may wait");
        _machine.RunTo(Refresh + 9000);
        Assert.AreEqual("2", Screen());
        Assert.AreEqual(0u, _display.Pending);
        Assert.IsTrue(_display.Show(B, NumberOf(B)), "showing what is shown changes nothing");
        Assert.AreEqual(0u, _display.Pending);
        _machine.RunTo(3 * Refresh);
        Assert.AreEqual($"0 vsync none; 10000 vsync {HexText.Of(A)}; 20000 vsync none; 30000 vsync none", _log.ToString());
        Assert.AreEqual(0, _display.TornFrames + _display.Underruns);
    }

    [TestMethod]
    public void A_buffer_that_changes_under_the_scan_shows_both_pictures_and_counts_as_torn()
    {
        _display.Start(A, NumberOf(A), _log);
        _machine.RunTo(5500);
        _machine.CpuMemory.Fill(A, FrameBytes, 7);
        _machine.RunTo(9000);
        Assert.AreEqual("1 x4, 7 x4", Screen());
        Assert.AreEqual(1, _display.TornFrames);
        _machine.RunTo(Refresh + 9000);
        Assert.AreEqual("7", Screen());
        Assert.AreEqual(1, _display.TornFrames);
    }

    [TestMethod]
    [DataRow(500, A, 4, 0)]
    [DataRow(1999, A, 4, 0)]
    [DataRow(2001, A, 4, 1)]
    [DataRow(8999, A + FrameBytes - 1, 1, 1)]
    [DataRow(8999, A + FrameBytes, 4, 0)]
    [DataRow(5000, A - 4, 4, 0)]
    [DataRow(5000, A - 4, 5, 1)]
    [DataRow(9001, A, 4, 0)]
    public void Only_writes_to_the_buffer_between_first_and_last_line_tear(long time, uint address, int length, long torn)
    {
        _display.Start(A, NumberOf(A), _log);
        _machine.RunTo(time);
        _machine.CpuMemory.Fill(address, length, 9);
        _machine.RunTo(9999);
        Assert.AreEqual(torn, _display.TornFrames);
    }

    [TestMethod]
    public void DMA_tears_as_well_and_so_does_a_cache_when_it_writes_back()
    {
        _display.Start(Sram, NumberOf(Sram), _log);
        DmaPort other = _machine.Port("other", DmaEngines.General);
        Open(other);
        _machine.RunTo(5000);
        other.TryWrite(Sram, new byte[64]);
        _machine.RunTo(Refresh + 5000);
        Assert.AreEqual(1, _display.TornFrames);
        _machine.CpuMemory.Fill(Sram, 32, 5);
        _machine.RunTo((2 * Refresh) + 5000);
        Assert.AreEqual(1, _display.TornFrames, "what stays in the cache does not show");
        Assert.AreEqual(1, _machine.Caches[0].StaleLinesReadByDevices);
        _machine.CpuMemory.CleanCache(Sram, 32);
        _machine.RunTo(3 * Refresh);
        Assert.AreEqual(2, _display.TornFrames);
    }

    [TestMethod]
    public void A_bus_that_others_hold_is_an_underrun_and_the_screen_keeps_what_it_showed()
    {
        _display.Start(A, NumberOf(A), _log);
        _machine.RunTo(5000);
        _display.Show(B, NumberOf(B));
        _machine.RunTo(Refresh + 4500);
        // The bus is busy until 16,900. The line of 15,000 comes after the next one's time, and the line of 16,000 just in time.
        _machine.Bus.Take(220_000);
        _machine.RunTo(Refresh + 9999);
        Assert.AreEqual("2 x3, 1, 2 x4", Screen());
        Assert.AreEqual(1, _display.Underruns);
        Assert.Contains("15000 underrun", _log.ToString());
    }

    [TestMethod]
    public void An_ordered_bus_error_damages_the_scan_that_was_ordered()
    {
        _display.FailScan(2);
        _display.Start(A, NumberOf(A), _log);
        _machine.RunTo((3 * Refresh) - 1);
        Assert.AreEqual("0 vsync none; 10000 vsync none; 16000 underrun; 20000 vsync none", _log.ToString());
        Assert.AreEqual(3, _display.Frames);
    }

    [TestMethod]
    public void Memory_that_its_engine_does_not_reach_is_an_underrun()
    {
        _display.Start(Ccm, NumberOf(Ccm), _log);
        _machine.RunTo(9000);
        Assert.AreEqual(1, _display.Underruns);
        Assert.AreEqual("0", Screen());
    }

    [TestMethod]
    public void Stop_reads_no_more()
    {
        _display.Start(A, NumberOf(A), _log);
        _machine.RunTo(5500);
        _display.Show(B, NumberOf(B));
        _display.Stop();
        _machine.RunTo(30_000);
        Assert.AreEqual(4 * LineBytes, _display.Port.BytesRead);
        Assert.AreEqual("0 vsync none", _log.ToString());
        Assert.IsFalse(_display.IsRunning || _display.Show(B, NumberOf(B)));
        Assert.AreEqual(0u, _display.Shown + _display.Pending);
        _display.Stop();
        Assert.IsTrue(_display.Start(B, NumberOf(B), _log));
        _machine.RunTo(39_000);
        Assert.AreEqual("2", Screen());
    }

    [TestMethod]
    public void A_display_that_is_pulled_out_says_so_and_answers_no_more()
    {
        _display.Start(A, NumberOf(A), _log);
        _machine.RunTo(5500);
        _display.Unplug();
        _machine.RunTo(30_000);
        Assert.AreEqual("0 vsync none; 5500 removed", _log.ToString());
        Assert.IsFalse(_display.IsPresent || _display.IsRunning || _display.Start(A, NumberOf(A), _log) || _display.Show(A, NumberOf(A)));
        _display.Plug();
        Assert.IsTrue(_display.Start(A, NumberOf(A), _log));
    }

    [TestMethod]
    public void A_lost_vsync_gives_its_buffer_back_with_the_next_or_with_a_poll()
    {
        _display.Start(A, NumberOf(A), _log);
        _machine.RunTo(5000);
        _display.Show(B, NumberOf(B));
        _display.Interrupt.Lose(1);
        _machine.RunTo(15_000);
        Assert.DoesNotContain(HexText.Of(A), _log.ToString());
        _display.Poll();
        Assert.EndsWith($"15000 vsync {HexText.Of(A)}", _log.ToString());
    }

    /// <summary>The values of the lines on the screen, with equal neighbours joined.</summary>
    private string Screen()
    {
        byte[] screen = _display.LastFrame.ToArray();
        var runs = new List<(byte Value, int Count)>();
        for (int y = 0; y < Lines; y++)
        {
            byte value = screen[y * LineBytes];
            Assert.IsTrue(screen.Skip(y * LineBytes).Take(LineBytes).All(b => b == value), $"line {y} is of one value");
            if (runs.Count > 0 && runs[^1].Value == value)
            {
                runs[^1] = (value, runs[^1].Count + 1);
            }
            else
            {
                runs.Add((value, 1));
            }
        }
        return string.Join(", ", runs.Select(run => run.Count is 1 or Lines ? $"{run.Value}" : $"{run.Value} x{run.Count}"));
    }

    private sealed class Log(EmulatedMachine machine) : ScanoutListener
    {
        private readonly List<string> _lines = [];

        public override void OnVsync(ScanoutDisplay display, long timestamp, int number) =>
            _lines.Add($"{machine.Events.Now} vsync {(number < 0 ? "none" : HexText.Of(BufferOf(number)))}");

        public override void OnUnderrun(ScanoutDisplay display, long timestamp) => _lines.Add($"{machine.Events.Now} underrun");

        public override void OnRemoved(ScanoutDisplay display) => _lines.Add($"{machine.Events.Now} removed");

        public override string ToString() => string.Join("; ", _lines);
    }
}
