using Carveout.Video;
using Carveout.Video.Devices;

namespace Carveout.App
{
    /// <summary>A display that the CPU sends frames to, since nanoFramework's buses give a program no DMA of its own.</summary>
    /// <remarks>A frame is sent when the display is polled, in the program's context. Exceptions of the bus leave from there.</remarks>
    internal abstract class SoftwareDisplay : CommandDisplay
    {
        private const int WordSize = 4;

        private readonly Platform _platform;
        private CommandDisplayListener _listener;
        private uint _frame;
        private int _number;
        private bool _aborted;

        internal SoftwareDisplay(string name, Platform platform, VideoFormat format)
            : base(name, format.Width, format.Height, format.BytesPerLine, WordSize)
        {
            _platform = platform;
            Format = format;
        }

        internal VideoFormat Format { get; }

        /// <inheritdoc/>
        public override bool IsPresent { get { return true; } }

        /// <inheritdoc/>
        public override bool IsBusy { get { return _frame != 0; } }

        /// <inheritdoc/>
        public override void Abort() => _aborted = IsBusy;

        /// <inheritdoc/>
        public override void Poll()
        {
            if (!IsBusy)
            {
                return;
            }
            bool aborted = _aborted;
            if (!aborted)
            {
                Show(_frame);
            }
            _frame = 0;
            _aborted = false;
            _listener.OnFrameSent(this, _number, _platform.Now, aborted ? DmaResult.Aborted : DmaResult.Done, aborted ? 0 : FrameSize);
        }

        /// <summary>Sends a frame.</summary>
        protected abstract void Show(uint frame);

        /// <inheritdoc/>
        protected override bool Begin(uint address, int number, CommandDisplayListener listener)
        {
            _frame = address;
            _number = number;
            _listener = listener;
            return true;
        }
    }
}
