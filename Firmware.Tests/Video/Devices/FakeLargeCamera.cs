using Carveout.Board.Devices;

namespace Carveout.Firmware.Tests.Video.Devices
{
    /// <summary>A camera whose frames are larger than any zone of the bench.</summary>
    internal sealed class FakeLargeCamera : Camera
    {
        internal FakeLargeCamera()
            : base("large", 640, 480, 1280, 33333, 4)
        {
        }

        public override int QueueDepth { get { return 1; } }

        public override int QueuedCount { get { return 0; } }

        public override bool IsPresent { get { return true; } }

        public override bool IsStreaming { get { return false; } }

        public override void Stop()
        {
        }

        public override void Poll()
        {
        }

        protected override bool Begin(CameraListener listener)
        {
            return true;
        }

        protected override bool Append(uint[] addresses, int[] lengths, int count)
        {
            return true;
        }
    }
}
