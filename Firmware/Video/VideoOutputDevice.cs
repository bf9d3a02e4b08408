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
        private readonly IPort _port;

        /// <summary>Whether the display did not start with its first frame.</summary>
        private bool _refused;

        /// <summary>Makes a device for a display that scans a buffer at every refresh. The parameters are those of <see
        /// cref="VideoCaptureDevice"/>.</summary>
        /// <param name="display">The hardware; nobody else starts it.</param>
        /// <param name="device">The attached device that moves its data; its alignment is at least the display's.</param>
        /// <param name="streaming">The mappings of the same allocator.</param>
        /// <exception cref="ArgumentException">The display needs a larger alignment than the device has.</exception>
        /// <exception cref="InvalidOperationException">The device is not attached.</exception>
        public VideoOutputDevice(ScanoutDisplay display, DmaDevice device, DmaAllocator dma, DmaStreaming streaming, VideoWait wait)
            : this((Display)display, device, dma, streaming, wait)
        {
            _port = new ScanoutPort(this, display);
        }

        /// <summary>Makes a device for a display with its own memory. The parameters are those of <see cref="VideoCaptureDevice"/>.</summary>
        /// <inheritdoc cref="VideoOutputDevice(ScanoutDisplay, DmaDevice, DmaAllocator, DmaStreaming, VideoWait)"/>
        /// <param name="display">The hardware; nobody else sends it frames.</param>
        public VideoOutputDevice(CommandDisplay display, DmaDevice device, DmaAllocator dma, DmaStreaming streaming, VideoWait wait)
            : this((Display)display, device, dma, streaming, wait)
        {
            _port = new CommandPort(this, display);
        }

        private VideoOutputDevice(Display display, DmaDevice device, DmaAllocator dma, DmaStreaming streaming, VideoWait wait)
            : base(display ?? throw new ArgumentNullException(nameof(display)), device, dma, streaming, wait, DmaDirection.ToDevice)
        {
        }

        /// <summary>How many scans were damaged since the device was made, because a line came too late or the bus refused it.</summary>
        public long Underruns { get; private set; }

        internal override bool IsFrame(int bytesUsed) => bytesUsed == 0 || bytesUsed == Format.SizeImage;

        internal override bool Give(VideoBuffer buffer) => _port.Show(buffer);

        internal override bool Begin(bool resumes)
        {
            // The display starts with its first frame. If there was one, it has just been given to the display.
            return !_refused;
        }

        internal override void Halt()
        {
            _port.Stop();
            _refused = false;
        }

        internal override void Hold()
        {
        }

        private void GiveBack(int number, long timestamp, bool damaged)
        {
            VideoBuffer? done = Buffers.Finish(number, timestamp, 0, damaged);
            if (done != null)
            {
                done.Sequence = (int)(Frames - 1);
                Announce(done);
            }
        }

        /// <summary>The two things that a driver does with either kind of display.</summary>
        private interface IPort
        {
            /// <summary>Hands a frame over.</summary>
            /// <returns>Whether the display took it.</returns>
            bool Show(VideoBuffer buffer);

            void Stop();
        }

        /// <summary>Drives a scan-out display and receives its callbacks, in interrupt context.</summary>
        private sealed class ScanoutPort : ScanoutListener, IPort
        {
            private readonly VideoOutputDevice _device;
            private readonly ScanoutDisplay _display;

            internal ScanoutPort(VideoOutputDevice device, ScanoutDisplay display)
            {
                _device = device;
                _display = display;
            }

            public bool Show(VideoBuffer buffer)
            {
                if (_display.IsRunning)
                {
                    return _display.Show(buffer.Handle, buffer.Index);
                }
                bool started = _display.Start(buffer.Handle, buffer.Index, this);
                _device._refused = !started;
                return started;
            }

            public void Stop() => _display.Stop();

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

            public override void OnUnderrun(ScanoutDisplay display, long timestamp) => _device.Underruns++;

            public override void OnRemoved(ScanoutDisplay display) => _device.Remove();
        }

        /// <summary>Drives a command display and receives its callbacks, in interrupt context.</summary>
        private sealed class CommandPort : CommandDisplayListener, IPort
        {
            private readonly VideoOutputDevice _device;
            private readonly CommandDisplay _display;

            internal CommandPort(VideoOutputDevice device, CommandDisplay display)
            {
                _device = device;
                _display = display;
            }

            public bool Show(VideoBuffer buffer) => _display.Send(buffer.Handle, buffer.Index, this);

            public void Stop()
            {
                _display.Abort();
                // The end of an aborted frame is reported, too. Poll, so that this happens now and not in the next stream.
                _display.Poll();
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
