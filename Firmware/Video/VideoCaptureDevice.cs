using System;
using Carveout.Memory;
using Carveout.Video.Devices;

namespace Carveout.Video
{
    /// <summary>A camera in V4L2's model: queue empty buffers, dequeue frames.</summary>
    /// <remarks>A camera needs three buffers to lose no frame while the program uses one: one that is filled, one that waits behind it (a
    /// camera takes its next buffer at vsync, before anybody could react), and the one that was dequeued.</remarks>
    public sealed class VideoCaptureDevice : VideoDevice
    {
        private readonly Camera _camera;
        private readonly Listener _listener;
        private int _base, _next;

        /// <summary>A device that is off, without format and buffers.</summary>
        /// <param name="camera">The hardware; nobody else starts it.</param>
        /// <param name="device">The attached device that moves its data; its alignment is at least the camera's.</param>
        /// <param name="streaming">The mappings of the same allocator.</param>
        /// <exception cref="ArgumentException">The camera needs a larger alignment than the device has.</exception>
        /// <exception cref="InvalidOperationException">The device is not attached.</exception>
        public VideoCaptureDevice(Camera camera, DmaDevice device, DmaAllocator dma, DmaStreaming streaming, VideoWait wait)
            : base(camera ?? throw new ArgumentNullException(nameof(camera)), device, dma, streaming, wait, DmaDirection.FromDevice)
        {
            _camera = camera;
            _listener = new Listener(this);
        }

        /// <summary>What happens to frames that nobody dequeues. It may be changed at any time.</summary>
        public CaptureMode Mode { get; set; }

        /// <summary>How many frames were lost since the device was made, because no buffer was queued when they began or because they were
        /// recycled.</summary>
        public long Dropped { get; private set; }

        /// <summary>How many frames were recycled: see <see cref="CaptureMode.GrabLatest"/>.</summary>
        public long Recycled { get; private set; }

        internal int FramePeriod { get { return _camera.FramePeriod; } }

        internal override bool IsFrame(int bytesUsed) => true;

        internal override int NextIndex()
        {
            int index = base.NextIndex();
            if (index < 0 && Mode == CaptureMode.GrabLatest && State == VideoState.On && !IsRemoved && _camera.QueuedCount < _camera.QueueDepth)
            {
                index = Buffers.TakeDoneToFill();
                if (index >= 0)
                {
                    Recycled++;
                    Dropped++;
                }
            }
            return index;
        }

        internal override bool Give(VideoBuffer buffer) => _camera.QueueBuffer(buffer.Handle, Buffers.Layout.Moved, buffer.Index);

        internal override bool Begin(bool resumes)
        {
            // The sensor counts from 0 at every start; the stream's numbers continue after a pause.
            _base = resumes ? _next : 0;
            return _camera.Start(_listener);
        }

        internal override void Halt() => _camera.Stop();

        internal override void Hold()
        {
            _camera.Stop();
            Buffers.Requeue();
        }

        /// <summary>Receives the camera's callbacks, in interrupt context.</summary>
        private sealed class Listener : CameraListener
        {
            private readonly VideoCaptureDevice _device;

            internal Listener(VideoCaptureDevice device) => _device = device;

            public override void OnFrameStart(Camera camera, int sequence, long timestamp)
            {
                _device._next = _device._base + sequence + 1;
                // The camera took a buffer for this frame, so it has room for another.
                _device.Feed();
            }

            public override void OnFrameDone(Camera camera, int number, int sequence, long timestamp, int bytes, FrameResult result)
            {
                VideoBuffer? done = _device.Buffers.Finish(number, timestamp, bytes, result != FrameResult.Complete);
                if (done != null)
                {
                    done.Sequence = _device._base + sequence;
                    int moved = _device.Buffers.Layout.Moved;
                    done.BytesUsed = bytes < moved ? bytes : moved;
                    _device.Announce(done);
                }
            }

            public override void OnFrameDropped(Camera camera, int sequence, long timestamp)
            {
                _device.Dropped++;
                _device.Feed();
            }

            public override void OnRemoved(Camera camera) => _device.Remove();
        }
    }
}
