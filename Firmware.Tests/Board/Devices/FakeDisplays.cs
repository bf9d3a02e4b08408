using Carveout.Board.Devices;

namespace Carveout.Firmware.Tests.Devices
{
    /// <summary>A scan-out display that only notes what reaches it.</summary>
    internal sealed class FakeScanout : ScanoutDisplay
    {
        internal uint OnScreen, Next;
        internal bool Present = true;

        internal FakeScanout(int width, int height, int lineSize, int alignment, int refreshPeriod)
            : base("ltdc", width, height, lineSize, alignment, refreshPeriod)
        {
        }

        public override bool IsPresent { get { return Present; } }

        public override bool IsRunning { get { return OnScreen != 0; } }

        public override uint Shown { get { return OnScreen; } }

        public override uint Pending { get { return Next; } }

        public override void Stop()
        {
            OnScreen = 0;
            Next = 0;
        }

        public override void Poll()
        {
        }

        protected override bool Begin(uint buffer, ScanoutListener listener)
        {
            OnScreen = buffer;
            return true;
        }

        protected override bool Latch(uint buffer)
        {
            Next = buffer;
            return true;
        }
    }

    /// <summary>A command display that only notes what reaches it.</summary>
    internal sealed class FakeCommandDisplay : CommandDisplay
    {
        internal int Begun;
        internal bool Present = true, Busy;

        internal FakeCommandDisplay()
            : base("ili9341", 320, 240, 640, 4)
        {
        }

        public override bool IsPresent { get { return Present; } }

        public override bool IsBusy { get { return Busy; } }

        public override void Abort()
        {
            Busy = false;
        }

        public override void Poll()
        {
        }

        protected override bool Begin(uint[] addresses, int[] lengths, int count, CommandDisplayListener listener)
        {
            Begun++;
            Busy = true;
            return true;
        }
    }

    /// <summary>Hears nothing.</summary>
    internal sealed class DeafScanoutListener : ScanoutListener
    {
        public override void OnVsync(ScanoutDisplay display, long timestamp, uint freed)
        {
        }

        public override void OnUnderrun(ScanoutDisplay display, long timestamp)
        {
        }

        public override void OnRemoved(ScanoutDisplay display)
        {
        }
    }

    /// <summary>Hears nothing.</summary>
    internal sealed class DeafCommandListener : CommandDisplayListener
    {
        public override void OnFrameSent(CommandDisplay display, uint buffer, long timestamp, DmaResult result, int bytes)
        {
        }
    }
}
