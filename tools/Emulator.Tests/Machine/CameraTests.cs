using Carveout.Video.Devices;
using static Carveout.Emulator.Tests.Machine.TestBoard;

namespace Carveout.Emulator.Tests.Machine;

/// <summary>A camera of 8 lines of 64 bytes, 100 frames a second, 2 blank lines: a line every 1000 microseconds, 0.64 of them on the
/// bus.</summary>
[TestClass]
public sealed class CameraTests
{
    private const int LineBytes = 64, Lines = 8, FrameBytes = LineBytes * Lines, Frame = 10_000;
    private const uint A = Pool, B = Pool + 4096;

    private readonly EmulatedMachine _machine = NewMachine();
    private readonly EmulatedCamera _camera;
    private readonly Log _log;

    public CameraTests()
    {
        _camera = NewCamera(Spec());
        _log = new Log(_machine);
    }

    [TestMethod]
    public void A_frame_arrives_line_by_line_at_the_sensors_pace()
    {
        Assert.IsTrue(Queue(A));
        Assert.IsTrue(_camera.Start(_log));
        _machine.RunTo(999);
        Assert.AreEqual(0, LinesAt(A));
        _machine.RunTo(1001);
        Assert.AreEqual(1, LinesAt(A));
        _machine.RunTo(7999);
        Assert.AreEqual(7, LinesAt(A));
        _machine.RunTo(9999);
        Assert.AreEqual($"0 start #0; 8001 done #0 {HexText.Of(A)} at 0, 512 bytes Complete", _log.ToString());
        Assert.AreSequenceEqual(Picture(0), Read(_machine.Memory, A, FrameBytes));
        Assert.AreEqual(1, _camera.Completed);
        Assert.AreEqual(10_000, _camera.FramePeriod);
    }

    /// <summary>Compressed frames of 100, 200, 256, 300 and 512 bytes into buffers of 256.</summary>
    [TestMethod]
    public void A_compressed_frame_that_is_longer_than_its_buffer_ends_there_and_is_an_overflow()
    {
        int[] bytes = [100, 200, 256, 300, 512];
        EmulatedCamera camera = NewCamera(Spec() with { Name = "jpeg", BytesOfFrame = frame => bytes[frame] });
        const int Room = 256;
        byte[] behind = Read(_machine.Memory, A + Room, FrameBytes);
        _log.Done = _ => camera.QueueBuffer(A, Room, NumberOf(A));
        Assert.IsTrue(camera.QueueBuffer(A, Room, NumberOf(A)));
        camera.Start(_log);
        _machine.RunTo((5 * Frame) - 1);
        string[] done = [.. _log.ToString().Split("; ").Where(line => line.Contains("done")).Select(line => line[(line.LastIndexOf(',') + 2)..])];
        Assert.AreSequenceEqual(
            new[] { "100 bytes Complete", "200 bytes Complete", "256 bytes Complete", "256 bytes Overflow", "256 bytes Overflow" }, done);
        Assert.AreEqual(2, camera.Overflows);
        Assert.AreEqual(3, camera.Completed);
        Assert.AreSequenceEqual(Picture(4)[..Room], Read(_machine.Memory, A, Room));
        Assert.AreSequenceEqual(behind, Read(_machine.Memory, A + Room, FrameBytes), "no byte behind the buffer is touched");
    }

    [TestMethod]
    public void Frames_without_a_buffer_are_dropped_and_those_with_one_keep_their_number()
    {
        _camera.Start(_log);
        _machine.RunTo(Frame + 5000);
        Assert.IsTrue(Queue(B));
        Assert.IsFalse(Queue(A), "one buffer may wait");
        Assert.AreEqual(1, _camera.QueuedCount);
        _machine.RunTo((3 * Frame) - 1);
        Assert.AreEqual("0 start #0; 0 drop #0; 10000 start #1; 10000 drop #1; 20000 start #2; "
            + $"28001 done #2 {HexText.Of(B)} at 20000, 512 bytes Complete", _log.ToString());
        Assert.AreEqual(2, _camera.Dropped);
        Assert.AreEqual(3, _camera.Frames);
        Assert.AreSequenceEqual(Picture(2), Read(_machine.Memory, B, FrameBytes));
    }

    [TestMethod]
    public void Two_buffers_in_turn_take_every_frame()
    {
        Queue(A);
        _log.Done = buffer => Queue(buffer == A ? B : A);
        _camera.Start(_log);
        _machine.RunTo((5 * Frame) - 1);
        Assert.AreEqual(0, _camera.Dropped);
        Assert.AreEqual(5, _camera.Completed);
        Assert.AreSequenceEqual(Picture(4), Read(_machine.Memory, A, FrameBytes));
        Assert.AreSequenceEqual(Picture(3), Read(_machine.Memory, B, FrameBytes));
    }

    [TestMethod]
    public void A_rate_that_does_not_divide_a_second_does_not_drift()
    {
        EmulatedCamera camera = NewCamera(Spec() with { Name = "ntsc", FramesPerSecond = 30_000, Seconds = 1001 });
        camera.Start(_log);
        _machine.RunTo(1_001_000_000);
        Assert.AreEqual(30_001, camera.Frames);
        Assert.AreEqual(33_366, camera.FramePeriod);
    }

    [TestMethod]
    public void A_bus_that_others_hold_overruns_the_FIFO_and_the_rest_of_the_frame_is_lost()
    {
        Queue(A);
        _camera.Start(_log);
        _machine.RunTo(2500);
        // The bus is busy for 3.2 ms: lines 2 and 3 wait in the FIFO, and line 4 finds it full.
        _machine.Bus.Take(320_000);
        _machine.RunTo(7999);
        Assert.AreEqual(2, LinesAt(A));
        _machine.RunTo(9999);
        Assert.AreEqual($"0 start #0; 8000 done #0 {HexText.Of(A)} at 0, 128 bytes Overrun", _log.ToString());
        Assert.AreEqual(1, _camera.Overruns);
        Assert.AreEqual(0, _camera.Completed);

        Queue(A);
        _machine.RunTo((2 * Frame) - 1);
        Assert.EndsWith($"18001 done #1 {HexText.Of(A)} at 10000, 512 bytes Complete", _log.ToString());
    }

    [TestMethod]
    public void A_FIFO_bridges_what_it_is_long_enough_for()
    {
        Queue(A);
        _camera.Start(_log);
        _machine.RunTo(2500);
        _machine.Bus.Take(200_000);
        _machine.RunTo(9999);
        Assert.AreEqual(0, _camera.Overruns);
        Assert.AreSequenceEqual(Picture(0), Read(_machine.Memory, A, FrameBytes));
    }

    [TestMethod]
    public void A_frame_that_is_not_away_when_the_next_begins_is_an_overrun()
    {
        EmulatedCamera camera = NewCamera(Spec() with { Name = "deep", FifoLines = 8 });
        camera.QueueBuffer(A, FrameBytes, NumberOf(A));
        camera.Start(_log);
        _machine.RunTo(500);
        _machine.Bus.Take(1_200_000);
        _machine.RunTo(20_000);
        Assert.AreEqual(1, camera.Overruns);
        Assert.Contains($"10000 done #0 {HexText.Of(A)} at 0, 0 bytes Overrun; 10000 start #1", _log.ToString());
    }

    [TestMethod]
    public void Stop_ends_it_in_the_middle_of_a_frame()
    {
        Queue(A);
        _camera.Start(_log);
        _machine.RunTo(3500);
        Queue(B);
        _camera.Stop();
        _machine.RunTo(50_000);
        Assert.AreEqual("0 start #0", _log.ToString());
        Assert.AreEqual(3, LinesAt(A));
        Assert.AreEqual(0, _camera.QueuedCount);
        Assert.IsFalse(_camera.IsStreaming);
        _camera.Stop();

        Queue(B);
        Assert.IsTrue(_camera.Start(_log));
        _machine.RunTo(59_999);
        Assert.EndsWith($"58001 done #0 {HexText.Of(B)} at 50000, 512 bytes Complete", _log.ToString());
    }

    [TestMethod]
    public void A_stall_makes_no_frames_and_ends()
    {
        _camera.Start(_log);
        _machine.RunTo(1000);
        _camera.Stall(2);
        _machine.RunTo((4 * Frame) - 1);
        Assert.AreEqual("0 start #0; 0 drop #0; 30000 start #1; 30000 drop #1", _log.ToString());
    }

    [TestMethod]
    public void An_ordered_bus_error_damages_the_frame_that_was_ordered()
    {
        _camera.FailFrame(2);
        Queue(A);
        _log.Done = _ => Queue(A);
        _camera.Start(_log);
        _machine.RunTo((3 * Frame) - 1);
        Assert.Contains($"18000 done #1 {HexText.Of(A)} at 10000, 256 bytes BusError", _log.ToString());
        Assert.AreEqual(2, _camera.Completed);
        Assert.AreEqual(1, _camera.BusErrors);
    }

    [TestMethod]
    public void Memory_that_its_engine_does_not_reach_is_a_bus_error()
    {
        Queue(Ccm);
        _camera.Start(_log);
        _machine.RunTo(9999);
        Assert.EndsWith("at 0, 0 bytes BusError", _log.ToString());
        Assert.AreEqual(1, _camera.BusErrors);
    }

    [TestMethod]
    public void A_camera_that_is_pulled_out_says_so_and_answers_no_more()
    {
        Queue(A);
        _camera.Start(_log);
        _machine.RunTo(3500);
        _camera.Unplug();
        _machine.RunTo(50_000);
        Assert.AreEqual("0 start #0; 3500 removed", _log.ToString());
        Assert.AreEqual(3, LinesAt(A));
        Assert.IsFalse(_camera.IsPresent || _camera.IsStreaming || Queue(A) || _camera.Start(_log));
        _camera.Plug();
        Assert.IsTrue(Queue(A) && _camera.Start(_log));
        _machine.RunTo(59_999);
        Assert.AreEqual(1, _camera.Completed);
    }

    [TestMethod]
    public void A_lost_interrupt_delays_the_news_to_the_next_or_to_a_poll()
    {
        Queue(A);
        _camera.Start(_log);
        _machine.RunTo(1);
        _camera.Interrupt.Lose(1);
        _machine.RunTo(9000);
        Assert.AreEqual("0 start #0", _log.ToString());
        _camera.Poll();
        Assert.EndsWith($"9000 done #0 {HexText.Of(A)} at 0, 512 bytes Complete polled", _log.ToString());
    }

    [TestMethod]
    public void The_cache_hides_its_frame_from_a_CPU_that_did_not_invalidate()
    {
        Read(_machine.CpuMemory, Sram, FrameBytes);
        Queue(Sram);
        _camera.Start(_log);
        _machine.RunTo(9000);
        Assert.AreEqual(0, Read(_machine.CpuMemory, Sram, FrameBytes).Count(b => b != 0));
        Assert.AreEqual(16, _machine.Caches[0].StaleLinesRead);
        _machine.CpuMemory.InvalidateCache(Sram, FrameBytes);
        Assert.AreSequenceEqual(Picture(0), Read(_machine.CpuMemory, Sram, FrameBytes));
        Assert.AreEqual(16, _machine.Caches[0].StaleLinesRead);
    }

    private static CameraSpec Spec() => new("ov2640", DmaEngines.General, LineBytes / 2, Lines, LineBytes, 100) { BlankLines = 2 };

    private EmulatedCamera NewCamera(CameraSpec spec)
    {
        var camera = new EmulatedCamera(_machine, spec, FillLine);
        Open(camera.Port);
        return camera;
    }

    private bool Queue(uint buffer) => _camera.QueueBuffer(buffer, FrameBytes, NumberOf(buffer));

    private int LinesAt(uint buffer) =>
        Enumerable.Range(0, Lines).Count(y => Read(_machine.Memory, buffer + (uint)(y * LineBytes), LineBytes).All(b => b != 0));

    private static void FillLine(long frame, int y, Span<byte> line) => line.Fill((byte)((frame * Lines) + y + 1));

    private static byte[] Picture(long frame) => [.. Enumerable.Range(0, FrameBytes).Select(i => (byte)((frame * Lines) + (i / LineBytes) + 1))];

    private sealed class Log(EmulatedMachine machine) : CameraListener
    {
        private readonly List<string> _lines = [];

        public Action<uint>? Done { get; set; }

        public override void OnFrameStart(Camera camera, int sequence, long timestamp) => Add($"start #{sequence}");

        public override void OnFrameDropped(Camera camera, int sequence, long timestamp) => Add($"drop #{sequence}");

        public override void OnRemoved(Camera camera) => Add("removed");

        public override void OnFrameDone(Camera camera, int number, int sequence, long timestamp, int bytes, FrameResult result)
        {
            Add($"done #{sequence} {HexText.Of(BufferOf(number))} at {timestamp}, {bytes} bytes {result}");
            Done?.Invoke(BufferOf(number));
        }

        public override string ToString() => string.Join("; ", _lines);

        private void Add(string what) => _lines.Add($"{machine.Events.Now} {what}{(machine.Interrupts.Current is null ? " polled" : "")}");
    }
}
