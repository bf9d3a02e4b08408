using Carveout.Board.Devices;

namespace Carveout.Firmware.Tests.Devices
{
    /// <summary>A camera that only notes what reaches it.</summary>
    internal sealed class FakeCamera : Camera
    {
        internal int Begun, Appended;
        internal bool Present = true, Streams;

        internal FakeCamera(int width, int height, int lineSize, int framePeriod, int alignment)
            : base("ov2640", width, height, lineSize, framePeriod, alignment)
        {
        }

        public override int QueueDepth { get { return 2; } }

        public override int QueuedCount { get { return Appended; } }

        public override bool IsPresent { get { return Present; } }

        public override bool IsStreaming { get { return Streams; } }

        public override void Stop()
        {
            Streams = false;
            Appended = 0;
        }

        public override void Poll()
        {
        }

        protected override bool Begin(CameraListener listener)
        {
            Begun++;
            Streams = true;
            return true;
        }

        protected override bool Append(uint[] addresses, int[] lengths, int count)
        {
            Appended++;
            return true;
        }
    }

    /// <summary>Hears nothing.</summary>
    internal sealed class DeafCameraListener : CameraListener
    {
        public override void OnFrameStart(Camera camera, int sequence, long timestamp)
        {
        }

        public override void OnFrameDone(Camera camera, uint buffer, int sequence, long timestamp, int bytes, FrameResult result)
        {
        }

        public override void OnFrameDropped(Camera camera, int sequence, long timestamp)
        {
        }

        public override void OnRemoved(Camera camera)
        {
        }
    }
}
