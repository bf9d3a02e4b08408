using Carveout.Board;
using Carveout.Video;
using Carveout.Video.Devices;

namespace Carveout.App
{
    /// <summary>A camera for boards without one: the CPU draws a test card into each buffer when its frame is due.</summary>
    /// <remarks>It runs when it is polled, in the program's context. Like a sensor, it does not wait for the program: of the frames that
    /// have become due since the last poll, it draws the latest and drops the others. Nothing is allocated after construction.</remarks>
    public class SoftwareCamera : Camera
    {
        private const int Depth = 2, WordSize = 4;

        private readonly Platform _platform;
        private readonly PatternCamera _pattern;
        private readonly uint[] _queue = new uint[Depth];
        private readonly int[] _numbers = new int[Depth];
        private CameraListener _listener;
        private int _queued, _sequence;
        private long _due;

        /// <summary>Makes a camera that has not started.</summary>
        /// <param name="format">The format of the frames: RGB565 or RGB565X.</param>
        /// <param name="framePeriod">Microseconds from frame to frame.</param>
        public SoftwareCamera(Platform platform, PhysicalMemory memory, VideoFormat format, int framePeriod)
            : base("camera", format.Width, format.Height, format.BytesPerLine, framePeriod, WordSize)
        {
            _platform = platform;
            _pattern = new PatternCamera(memory, format);
        }

        /// <inheritdoc/>
        public override int QueueDepth { get { return Depth; } }

        /// <inheritdoc/>
        public override int QueuedCount { get { return _queued; } }

        /// <inheritdoc/>
        public override bool IsPresent { get { return true; } }

        /// <inheritdoc/>
        public override bool IsStreaming { get { return _listener != null; } }

        /// <summary>When the next frame is due, in microseconds of the platform's clock; long.MaxValue while no frame will come.</summary>
        public long Due { get { return IsStreaming && Delivers ? _due : long.MaxValue; } }

        /// <summary>Whether frames come at all. A camera that stands still is streaming, but sends none.</summary>
        protected virtual bool Delivers { get { return true; } }

        /// <inheritdoc/>
        public override void Stop()
        {
            _listener = null;
            _queued = 0;
        }

        /// <inheritdoc/>
        public override void Poll()
        {
            long now = _platform.Now;
            if (now < Due)
            {
                return;
            }
            while (now - _due >= FramePeriod)
            {
                Drop();
            }
            if (_queued == 0)
            {
                Drop();
                return;
            }
            uint buffer = _queue[0];
            int number = _numbers[0];
            _queue[0] = _queue[1];
            _numbers[0] = _numbers[1];
            _queued--;
            long time = Begin();
            _pattern.Capture(buffer);
            _listener.OnFrameDone(this, number, _sequence - 1, time, FrameSize, FrameResult.Complete);
        }

        /// <inheritdoc/>
        protected override bool Begin(CameraListener listener)
        {
            _listener = listener;
            _sequence = 0;
            _due = _platform.Now + FramePeriod;
            return true;
        }

        /// <inheritdoc/>
        protected override bool Append(uint address, int length, int number)
        {
            _numbers[_queued] = number;
            _queue[_queued++] = address;
            return true;
        }

        private void Drop()
        {
            long time = Begin();
            _listener.OnFrameDropped(this, _sequence - 1, time);
        }

        private long Begin()
        {
            long time = _due;
            _due += FramePeriod;
            _listener.OnFrameStart(this, _sequence++, time);
            return time;
        }
    }
}
