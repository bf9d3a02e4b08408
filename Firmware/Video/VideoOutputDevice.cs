using System;
using Carveout.Memory;
using Carveout.Video.Devices;

namespace Carveout.Video
{
    /// <summary>A display in V4L2's model: queue frames, dequeue the buffers that it is done with.</summary>
    /// <remarks>A <see cref="ScanoutDisplay"/> starts with the first frame that is queued, and keeps a frame until another has replaced it.
    /// A <see cref="CommandDisplay"/> is done with a frame once it was sent. Frames are shown in the order in which they are queued, each
    /// at least once, as fast as the hardware takes them. The program sets the pace.</remarks>
    public sealed class VideoOutputDevice : VideoDevice
    {
        private readonly ScanoutDisplay? _scanout;
        private readonly CommandDisplay? _command;
        private readonly Display _display;
        private readonly ScanListener? _scanListener;
        private readonly SentListener? _sentListener;
        private bool _refused;

        /// <summary>Makes a device for a display that scans a buffer at every refresh. The parameters are those of <see
        /// cref="VideoCaptureDevice"/>.</summary>
        /// <param name="display">The hardware; nobody else starts it.</param>
        /// <param name="device">The attached device that moves its data; its alignment is at least the display's.</param>
        /// <param name="dma">The allocator of its memory.</param>
        /// <param name="streaming">The mappings of the same allocator.</param>
        /// <param name="wait">How the program waits.</param>
        /// <exception cref="ArgumentNullException">A parameter is null.</exception>
        /// <exception cref="ArgumentException">The display needs a larger alignment than the device has.</exception>
        /// <exception cref="InvalidOperationException">The device is not attached.</exception>
        public VideoOutputDevice(ScanoutDisplay display, DmaDevice device, DmaAllocator dma, DmaStreaming streaming, VideoWait wait)
            : this((Display)display, device, dma, streaming, wait)
        {
            _scanout = display;
            _scanListener = new ScanListener(this);
        }

        /// <summary>Makes a device for a display with its own memory. The parameters are those of <see
        /// cref="VideoCaptureDevice"/>.</summary>
        /// <param name="display">The hardware; nobody else sends it frames.</param>
        /// <param name="device">The attached device that moves its data; its alignment is at least the display's.</param>
        /// <param name="dma">The allocator of its memory.</param>
        /// <param name="streaming">The mappings of the same allocator.</param>
        /// <param name="wait">How the program waits.</param>
        /// <exception cref="ArgumentNullException">A parameter is null.</exception>
        /// <exception cref="ArgumentException">The display needs a larger alignment than the device has.</exception>
        /// <exception cref="InvalidOperationException">The device is not attached.</exception>
        public VideoOutputDevice(CommandDisplay display, DmaDevice device, DmaAllocator dma, DmaStreaming streaming, VideoWait wait)
            : this((Display)display, device, dma, streaming, wait)
        {
            _command = display;
            _sentListener = new SentListener(this);
        }

        private VideoOutputDevice(Display display, DmaDevice device, DmaAllocator dma, DmaStreaming streaming, VideoWait wait)
            : base(NameOf(display), new VideoBufferQueue(dma, streaming, device, DmaDirection.ToDevice, display.FrameSize, display.Alignment),
                wait, display.Alignment)
        {
            _display = display;
        }

        /// <summary>How many scans were damaged since the device was made, because a line came too late or the bus refused it.</summary>
        public long Underruns { get; private set; }

        /// <inheritdoc/>
        public override bool IsPresent { get { return _display.IsPresent; } }

        internal override bool Takes(VideoFormat format)
        {
            return format.Width == _display.Width && format.Height == _display.Height && format.SizeImage == _display.FrameSize
                && format.PixelFormat != PixelFormat.JPEG;
        }

        internal override bool IsFrame(int bytesUsed)
        {
            return bytesUsed == 0 || bytesUsed == Format.SizeImage;
        }

        internal override bool Give(VideoBuffer buffer)
        {
            if (_command != null)
            {
                return _command.Send(buffer.Handle, Buffers.Layout.Moved, buffer.Index, _sentListener!);
            }
            if (_scanout.IsRunning)
            {
                return _scanout.Show(buffer.Handle, buffer.Index);
            }
            bool started = _scanout.Start(buffer.Handle, buffer.Index, _scanListener!);
            _refused = !started;
            return started;
        }

        internal override bool Begin(bool resumes)
        {
            // The display starts with its first frame. If there was one, it has just been given to the display.
            return !_refused;
        }

        internal override void Halt()
        {
            if (_scanout != null)
            {
                _scanout.Stop();
            }
            else
            {
                _command.Abort();
                // The end of an aborted frame is reported, too. Poll, so that this happens now and not in the next stream.
                _command.Poll();
            }
            _refused = false;
        }

        internal override void Hold()
        {
        }

        internal override void PollHardware()
        {
            _display.Poll();
        }

        private static string NameOf(Display display)
        {
            if (display == null)
            {
                throw new ArgumentNullException(nameof(display));
            }
            return display.Name;
        }

        private void GiveBack(int number, long timestamp, bool damaged)
        {
            VideoBuffer? done = Finish(number, timestamp, 0, damaged);
            if (done != null)
            {
                done.Sequence = (int)(Frames - 1);
                Announce(done);
            }
        }

        /// <summary>Receives a scan-out display's callbacks, in interrupt context.</summary>
        private sealed class ScanListener : ScanoutListener
        {
            private readonly VideoOutputDevice _device;

            internal ScanListener(VideoOutputDevice device)
            {
                _device = device;
            }

            public override void OnVsync(ScanoutDisplay display, long timestamp, int number)
            {
                if (number >= 0)
                {
                    _device.GiveBack(number, timestamp, false);
                }
                else
                {
                    _device.Feed();
                }
            }

            public override void OnUnderrun(ScanoutDisplay display, long timestamp)
            {
                _device.Underruns++;
            }

            public override void OnRemoved(ScanoutDisplay display)
            {
                _device.Remove();
            }
        }

        /// <summary>Receives a command display's callbacks, in interrupt context.</summary>
        private sealed class SentListener : CommandDisplayListener
        {
            private readonly VideoOutputDevice _device;

            internal SentListener(VideoOutputDevice device)
            {
                _device = device;
            }

            public override void OnFrameSent(CommandDisplay display, int number, long timestamp, DmaResult result, int bytes)
            {
                if (_device.State == VideoState.Stopping)
                {
                    return;
                }
                if (!display.IsPresent)
                {
                    _device.Remove();
                }
                _device.GiveBack(number, timestamp, result != DmaResult.Done);
            }
        }
    }
}
