using Carveout.Video.Devices;

namespace Carveout.Emulator.Tests.Machine;

/// <summary>A minimal driver between a camera and a display: a frame that has arrived is shown at the next vsync, and a buffer that was
/// shown is filled again. It allocates nothing while it runs.</summary>
internal sealed class VideoLoop
{
    public const int Width = 320, Height = 240, LineSize = 2 * Width, FrameSize = LineSize * Height, FramesPerSecond = 30;

    private const uint Memory = 0xC0000000;
    private const int Stride = FrameSize + 4096;

    private readonly Queue<int> _free = new(), _ready = new();
    private readonly byte[] _picture = new byte[FrameSize], _line = new byte[LineSize];
    private readonly bool _touches;

    /// <param name="buffers">At least 2.</param>
    /// <param name="touches">Whether the CPU reads and writes every byte of every frame, through its cache, before it is shown.</param>
    /// <param name="refreshes">The display's refreshes in a second.</param>
    /// <param name="seed">The seed of the picture and of the core's speculation.</param>
    public VideoLoop(int buffers, bool touches, int refreshes, ulong seed)
    {
        var map = new MemoryMap("video", 4096);
        map.Add(new MemoryRegion("SDRAM", MemoryKind.Sdram, Memory, 0x400000, DmaEngines.General, 32));
        map.Add(new Reservation("frames", Memory, 0x400000));
        _touches = touches;
        Machine = new EmulatedMachine(map, new MachineSpec { SpeculationInterval = touches ? 7 : 0, Seed = seed });
        Camera = new EmulatedCamera(Machine, new CameraSpec("camera", DmaEngines.General, Width, Height, LineSize, FramesPerSecond), FillLine);
        Display = new EmulatedScanout(Machine, new ScanoutSpec("display", DmaEngines.General, Width, Height, LineSize, refreshes));
        Camera.Port.AllowReservation("frames");
        Display.Port.AllowReservation("frames");
        var chance = new SplitMix64(seed);
        for (int i = 0; i < _picture.Length; i++)
        {
            _picture[i] = (byte)chance.Next();
        }
        for (int i = 1; i < buffers; i++)
        {
            _free.Enqueue(i);
        }
    }

    public EmulatedMachine Machine { get; }

    public EmulatedCamera Camera { get; }

    public EmulatedScanout Display { get; }

    public long Shown { get; private set; }

    public void Start()
    {
        Feed();
        Display.Start(AddressOf(0), 0, new DisplaySide(this));
        Camera.Start(new CameraSide(this));
    }

    /// <summary>The picture scrolls by a line a frame, so every line is a copy and no two frames are the same.</summary>
    private void FillLine(long frame, int y, Span<byte> line) => _picture.AsSpan((int)((y + frame) % Height) * LineSize, LineSize).CopyTo(line);

    private void Feed()
    {
        while (_free.Count > 0 && Camera.QueuedCount < Camera.QueueDepth)
        {
            int buffer = _free.Dequeue();
            uint address = AddressOf(buffer);
            Machine.CpuMemory.InvalidateCache(address, FrameSize);
            Camera.QueueBuffer(address, FrameSize, buffer);
        }
    }

    private static uint AddressOf(int buffer) => Memory + (uint)(buffer * Stride);

    private void Arrived(int number)
    {
        uint buffer = AddressOf(number);
        Machine.CpuMemory.InvalidateCache(buffer, FrameSize);
        for (int y = 0; _touches && y < Height; y++)
        {
            Machine.CpuMemory.Read(buffer + (uint)(y * LineSize), _line, 0, LineSize);
            Machine.CpuMemory.Write(buffer + (uint)(y * LineSize), _line, 0, LineSize);
        }
        Machine.CpuMemory.CleanCache(buffer, FrameSize);
        _ready.Enqueue(number);
        Show();
    }

    private void Show()
    {
        if (_ready.Count > 0 && Display.Show(AddressOf(_ready.Peek()), _ready.Peek()))
        {
            _ready.Dequeue();
            Shown++;
        }
    }

    private sealed class CameraSide(VideoLoop loop) : CameraListener
    {
        public override void OnFrameStart(Camera camera, int sequence, long timestamp) => loop.Feed();

        public override void OnFrameDone(Camera camera, int number, int sequence, long timestamp, int bytes, FrameResult result) =>
            loop.Arrived(number);

        public override void OnFrameDropped(Camera camera, int sequence, long timestamp)
        {
        }

        public override void OnRemoved(Camera camera)
        {
        }
    }

    private sealed class DisplaySide(VideoLoop loop) : ScanoutListener
    {
        public override void OnVsync(ScanoutDisplay display, long timestamp, int number)
        {
            if (number >= 0)
            {
                loop._free.Enqueue(number);
                loop.Feed();
            }
            loop.Show();
        }

        public override void OnUnderrun(ScanoutDisplay display, long timestamp)
        {
        }

        public override void OnRemoved(ScanoutDisplay display)
        {
        }
    }
}
