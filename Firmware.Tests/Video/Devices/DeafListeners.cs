using Carveout.Video.Devices;

namespace Carveout.Firmware.Tests.Video.Devices
{
    /// <summary>Ignores all callbacks.</summary>
    internal sealed class DeafCameraListener : CameraListener
    {
        public override void OnFrameStart(Camera camera, int sequence, long timestamp)
        {
        }

        public override void OnFrameDone(Camera camera, int number, int sequence, long timestamp, int bytes, FrameResult result)
        {
        }

        public override void OnFrameDropped(Camera camera, int sequence, long timestamp)
        {
        }

        public override void OnRemoved(Camera camera)
        {
        }
    }

    /// <summary>Ignores all callbacks.</summary>
    internal sealed class DeafScanoutListener : ScanoutListener
    {
        public override void OnVsync(ScanoutDisplay display, long timestamp, int number)
        {
        }

        public override void OnUnderrun(ScanoutDisplay display, long timestamp)
        {
        }

        public override void OnRemoved(ScanoutDisplay display)
        {
        }
    }

    /// <summary>Ignores all callbacks.</summary>
    internal sealed class DeafCommandListener : CommandDisplayListener
    {
        public override void OnFrameSent(CommandDisplay display, int number, long timestamp, DmaResult result, int bytes)
        {
        }
    }
}
