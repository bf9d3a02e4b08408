using Carveout.Video.Devices;

namespace Carveout.Firmware.Tests.Video.Devices
{
    /// <summary>A display whose vsync comes when a test says so.</summary>
    internal sealed class FakeScanout : ScanoutDisplay
    {
        private ScanoutListener _listener;
        private uint _shown, _pending;
        private int _shownNumber, _pendingNumber;

        internal FakeScanout()
            : this("lcd", FakeCamera.LineBytes / 2, FakeCamera.Lines, FakeCamera.LineBytes, 4, 16666)
        {
        }

        internal FakeScanout(string name, int width, int height, int lineSize, int alignment, int refreshPeriod)
            : base(name, width, height, lineSize, alignment, refreshPeriod)
        {
        }

        internal bool IsPlugged { get; set; } = true;

        internal bool RefusesToStart { get; set; }

        internal long Time { get; set; }

        internal int Polls { get; private set; }

        public override bool IsPresent { get { return IsPlugged; } }

        public override bool IsRunning { get { return _listener != null; } }

        public override uint Shown { get { return _shown; } }

        public override uint Pending { get { return _pending; } }

        internal void Vsync()
        {
            Time += 16666;
            int freed = -1;
            if (_pending != 0)
            {
                freed = _shownNumber;
                _shown = _pending;
                _shownNumber = _pendingNumber;
                _pending = 0;
            }
            _listener.OnVsync(this, Time, freed);
        }

        internal void Underrun()
        {
            _listener.OnUnderrun(this, Time);
        }

        internal void Unplug()
        {
            IsPlugged = false;
            ScanoutListener listener = _listener;
            Stop();
            if (listener != null)
            {
                listener.OnRemoved(this);
            }
        }

        public override void Stop()
        {
            _listener = null;
            _shown = _pending = 0;
        }

        public override void Poll()
        {
            Polls++;
        }

        protected override bool Begin(uint address, int number, ScanoutListener listener)
        {
            if (RefusesToStart)
            {
                return false;
            }
            _shown = address;
            _shownNumber = number;
            _listener = listener;
            return true;
        }

        protected override bool Latch(uint address, int number)
        {
            _pending = address;
            _pendingNumber = number;
            return true;
        }
    }
}
