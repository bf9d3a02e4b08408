using Carveout.Video.Devices;

namespace Carveout.Firmware.Tests.Video.Devices
{
    /// <summary>A display with its own memory, whose wire is as slow as a test wants.</summary>
    internal sealed class FakePanel : CommandDisplay
    {
        private CommandDisplayListener _listener;
        private bool _aborted;
        private int _number;

        internal FakePanel()
            : this("panel", FakeCamera.LineBytes / 2, FakeCamera.Lines, FakeCamera.LineBytes, 4)
        {
        }

        internal FakePanel(string name, int width, int height, int lineSize, int alignment)
            : base(name, width, height, lineSize, alignment)
        {
        }

        internal bool IsPlugged { get; set; } = true;

        /// <summary>The frame on the wire, or 0.</summary>
        internal uint Sending { get; private set; }

        /// <summary>Sends in no time: the end is reported before the call that began the transfer returns.</summary>
        internal bool IsImmediate { get; set; }

        /// <summary>When IsBusy is next read, it is still true, but the end is reported before it returns.</summary>
        internal bool EndsWhileAsked { get; set; }

        internal int Sent { get; private set; }

        public override bool IsPresent { get { return IsPlugged; } }

        public override bool IsBusy
        {
            get
            {
                bool busy = Sending != 0;
                if (busy && EndsWhileAsked)
                {
                    EndsWhileAsked = false;
                    Finish(DmaResult.Done);
                }
                return busy;
            }
        }

        internal void Finish(DmaResult result)
        {
            Sending = 0;
            Sent++;
            _listener.OnFrameSent(this, _number, Sent * 1000, result, FrameSize);
        }

        internal void Unplug()
        {
            IsPlugged = false;
            if (IsBusy)
            {
                Finish(DmaResult.Aborted);
            }
        }

        public override void Abort()
        {
            _aborted = IsBusy;
        }

        public override void Poll()
        {
            if (_aborted)
            {
                _aborted = false;
                Finish(DmaResult.Aborted);
            }
        }

        protected override bool Begin(uint address, int number, CommandDisplayListener listener)
        {
            _number = number;
            Sending = address;
            _listener = listener;
            if (IsImmediate)
            {
                Finish(DmaResult.Done);
            }
            return true;
        }
    }
}
