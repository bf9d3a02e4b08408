using Carveout.Emulator.Tests.Machine;
using Carveout.Emulator.Tests.Properties;
using Carveout.Video;

namespace Carveout.Emulator.Tests.Video;

/// <summary>Random calls in any order, at any time, with faults in between: a buffer is always in one place, the caller has exactly its own
/// buffers, and at the end every byte is back.</summary>
[TestClass]
public sealed class VideoDeviceProperties
{
    private const int Steps = 6000, MostBuffers = 6;

    private static readonly Dictionary<string, RigSpec> s_boards = new()
    {
        ["stm32f769-disco, thumbnails"] = VideoRig.Thumbnails,
        ["esp32cam"] = VideoRig.Cam,
    };

    private readonly HashSet<int> _mine = [];
    private PropertyRun _run = null!;
    private VideoRig _rig = null!;
    private VideoDevice _device = null!;
    private int _lastSequence = -1;

    public TestContext TestContext { get; set; } = null!;

    public static IEnumerable<object[]> Cases => from name in s_boards.Keys from camera in new[] { true, false } select new object[] { name, camera };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_buffer_is_in_one_place(string board, bool camera)
    {
        _run = new PropertyRun(TestContext, 0x41DE0);
        _rig = new VideoRig(s_boards[board]);
        _device = camera ? _rig.Capture : _rig.Output;
        long dequeued = 0, steps = TestSeed.Steps(Steps);
        for (long step = 0; step < steps; step++)
        {
            dequeued += Step() ? 1 : 0;
            Check();
        }
        TestContext.WriteLine($"{dequeued} buffers dequeued, {_device.Frames} frames, {_device.Errors} damaged, {_device.Recovered} recovered, "
            + $"{_rig.Capture.Dropped} dropped");
        _run.Expect(dequeued > steps / 50, "hardly a buffer came back");
        _device.StreamOff();
        _device.RequestBuffers(0, VideoMemory.Mmap, out _);
        _rig.ExpectAsAtBoot();
    }

    /// <summary>Makes one call, or lets time pass.</summary>
    /// <returns>Whether a buffer came back.</returns>
    private bool Step()
    {
        int draw = _run.Random.Below(100), count = _device.Buffers.Count;
        if (draw < 30 && count != 0)
        {
            int index = _run.Random.Below(count);
            _run.Begin($"Queue {index}");
            VideoResult result = _device.Queue(index);
            bool queued = result == VideoResult.Ok;
            _run.Expect(queued ? _mine.Remove(index) : result is VideoResult.EINVAL or VideoResult.ENODEV, $"queued: {result}");
            _run.Expect(queued || _device.IsRemoved || !_mine.Contains(index), "the caller's own buffer was refused");
            return false;
        }
        if (draw < 60)
        {
            _run.Begin("Dequeue");
            VideoResult result = _device.Dequeue(draw < 50 ? 0 : 40, out VideoBuffer? buffer);
            if (result == VideoResult.Ok)
            {
                _run.Expect(_mine.Add(buffer!.Index), "dequeued what the caller has", buffer!.Index);
                _run.Expect(buffer.Sequence > _lastSequence, "a sequence that does not rise", buffer.Sequence);
                _lastSequence = buffer.Sequence;
            }
            return result == VideoResult.Ok;
        }
        if (draw < 80)
        {
            int time = _run.Random.Below(40_000);
            _run.Begin($"wait {time}");
            _rig.Machine.RunFor(time);
            return false;
        }
        Steer(draw);
        return false;
    }

    private void Steer(int draw)
    {
        _run.Begin($"steer {draw}, {_device.State}");
        switch (draw)
        {
            case < 86:
                _device.StreamOn();
                break;
            case 86:
                _device.StreamOff();
                _mine.UnionWith(Enumerable.Range(0, _device.Buffers.Count));
                _lastSequence = _device == _rig.Capture ? -1 : _lastSequence;
                break;
            case < 89:
                _device.Pause();
                break;
            case < 93:
                _device.Resume();
                break;
            case 93 when _device.State == VideoState.Off:
                _device.RequestBuffers(_run.Random.Below(MostBuffers), VideoMemory.Mmap, out int given);
                _mine.Clear();
                _mine.UnionWith(Enumerable.Range(0, given));
                break;
            case 94:
                _rig.Camera.FailFrame(1);
                _rig.Spi?.FailFrame(1);
                break;
            case 95:
                _rig.Camera.Interrupt.Lose(1 + _run.Random.Below(3));
                (_rig.Spi?.Interrupt ?? _rig.Scanout!.Interrupt).Lose(1 + _run.Random.Below(3));
                break;
            case 96:
                _rig.Capture.Mode = _run.Chance(50) ? CaptureMode.GrabLatest : CaptureMode.GrabWhenEmpty;
                break;
            case 97 when _run.Chance(10):
                _rig.Camera.Unplug();
                _rig.Scanout?.Unplug();
                _rig.Spi?.Unplug();
                break;
            case 98:
                _rig.Camera.Plug();
                _rig.Scanout?.Plug();
                _rig.Spi?.Plug();
                break;
            default:
                _device.Poll();
                break;
        }
    }

    private void Check()
    {
        VideoBufferQueue queue = _device.Buffers;
        int done = 0;
        for (int i = 0; i < queue.Count; i++)
        {
            VideoBufferFlags state = _device.QueryBuffer(i).Flags & (VideoBufferFlags.Queued | VideoBufferFlags.Done);
            _run.Expect(_mine.Contains(i) ? state == 0 : state is VideoBufferFlags.Queued or VideoBufferFlags.Done, $"{state} of buffer", i);
            done += state == VideoBufferFlags.Done ? 1 : 0;
        }
        _run.Expect(done == queue.DoneCount, "done buffers");
        _run.Expect(queue.QueuedCount + queue.ActiveCount + queue.DoneCount + _mine.Count == queue.Count, "buffers in all");
        _run.Expect(_device.State != VideoState.Off || queue.ActiveCount + queue.DoneCount == 0, "a device that is off has buffers");
    }
}
