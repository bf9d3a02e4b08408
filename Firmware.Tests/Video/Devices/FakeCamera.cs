using Carveout.Video.Devices;

namespace Carveout.Firmware.Tests.Video.Devices
{
    /// <summary>A camera whose frames come when a test says so.</summary>
    internal sealed class FakeCamera : Camera
    {
        internal const int LineBytes = 128, Lines = 32, Period = 33333;

        private readonly uint[] _queue = new uint[4];
        private readonly int[] _numbers = new int[4];
        private CameraListener _listener;
        private uint _filling;
        private int _queued, _sequence, _number, _lost = -1;

        internal FakeCamera()
            : this("camera", LineBytes / 2, Lines, LineBytes, Period, 4)
        {
        }

        internal FakeCamera(string name, int width, int height, int lineSize, int framePeriod, int alignment)
            : base(name, width, height, lineSize, framePeriod, alignment)
        {
        }

        internal bool IsPlugged { get; set; } = true;

        internal bool RefusesToStart { get; set; }

        /// <summary>The next end of a frame is reported only when the camera is polled.</summary>
        internal bool LosesInterrupt { get; set; }

        internal int Starts { get; private set; }

        /// <summary>The buffer that is being filled, or 0.</summary>
        internal uint Filling { get { return _filling; } }

        internal long Time { get; set; }

        internal int Depth { get; set; } = 1;

        public override int QueueDepth { get { return Depth; } }

        public override int QueuedCount { get { return _queued; } }

        public override bool IsPresent { get { return IsPlugged; } }

        public override bool IsStreaming { get { return _listener != null; } }

        /// <summary>A frame begins.</summary>
        internal void BeginFrame()
        {
            int sequence = _sequence++;
            Time += Period;
            bool dropped = _queued == 0;
            if (!dropped)
            {
                _filling = _queue[0];
                _number = _numbers[0];
                _queued--;
                _queue[0] = _queue[1];
                _numbers[0] = _numbers[1];
            }
            _listener.OnFrameStart(this, sequence, Time);
            if (dropped)
            {
                _listener.OnFrameDropped(this, sequence, Time);
            }
        }

        /// <summary>A frame ends.</summary>
        internal void EndFrame(int bytes, FrameResult result)
        {
            _filling = 0;
            if (LosesInterrupt)
            {
                LosesInterrupt = false;
                _lost = _number;
                return;
            }
            _listener.OnFrameDone(this, _number, _sequence - 1, Time, bytes, result);
        }

        /// <summary>A whole frame; it is dropped if there is no buffer.</summary>
        internal void Frame()
        {
            BeginFrame();
            if (_filling != 0)
            {
                EndFrame(FrameSize, FrameResult.Complete);
            }
        }

        internal void Unplug()
        {
            IsPlugged = false;
            CameraListener listener = _listener;
            Stop();
            if (listener != null)
            {
                listener.OnRemoved(this);
            }
        }

        public override void Stop()
        {
            _listener = null;
            _queued = 0;
            _filling = 0;
            _lost = -1;
        }

        public override void Poll()
        {
            if (_lost >= 0)
            {
                int number = _lost;
                _lost = -1;
                _listener.OnFrameDone(this, number, _sequence - 1, Time, FrameSize, FrameResult.Complete);
            }
        }

        protected override bool Begin(CameraListener listener)
        {
            if (RefusesToStart)
            {
                return false;
            }
            Starts++;
            _sequence = 0;
            _listener = listener;
            return true;
        }

        protected override bool Append(uint address, int length, int number)
        {
            _numbers[_queued] = number;
            _queue[_queued++] = address;
            return true;
        }
    }
}
