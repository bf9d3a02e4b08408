using System;
using Carveout.Memory;

namespace Carveout.Video
{
    /// <summary>Frames from a camera to a display, in memory that is taken when it starts and not touched by any allocator until it
    /// stops.</summary>
    /// <remarks>
    /// <para>Where both want the same format and the display reaches the camera's memory, a buffer goes from one to the other and back: no
    /// copy, no mapping, no cache maintenance, since no CPU looks. Otherwise the CPU converts each frame from the camera's buffers to
    /// the display's, which is the one copy, and counted.</para>
    /// <para>The program calls <see cref="Step"/> in a loop. Nothing is allocated there, neither pages nor managed memory. A frame that the
    /// hardware damaged is dropped; an interrupt that was lost is found by asking; a camera that stands still is started again; after the
    /// loss of a device the pipeline stops and gives everything back.</para>
    /// <para>With n buffers and no conversion the camera needs two and a scan-out display two (the one it shows and the one that comes
    /// next), so 4 lose nothing as long as the program is not late.</para>
    /// </remarks>
    public sealed class Pipeline
    {
        /// <summary>Waits in vain, one after the other, after which the camera is started again.</summary>
        internal const int StallLimit = 3;

        private const int Milli = 1000, Second = 1000000;

        private readonly VideoCaptureDevice _capture;
        private readonly VideoOutputDevice _output;
        private readonly FrameConverter _converter;
        private readonly VideoStream _captured, _shown;
        private readonly VideoWait _wait;

        /// <summary>Of the display's buffers, those that hold no frame; only with a conversion.</summary>
        private readonly IndexRing _free = new IndexRing(VideoBufferQueue.MaxBuffers);

        private readonly int _buffers;
        private int _stallRun;
        private long _allocationsBefore, _droppedBefore, _captureErrorsBefore;

        /// <summary>A pipeline that has not started. It takes no buffers yet, only the managed memory that a conversion needs.</summary>
        /// <param name="capture">With a format, and off.</param>
        /// <param name="output">With a format, off, and with the same wait.</param>
        /// <param name="buffers">Buffers of the camera, and where frames are converted as many of the display:
        /// <see cref="VideoBufferQueue.MinBuffers"/> to <see cref="VideoBufferQueue.MaxBuffers"/>.</param>
        /// <param name="range">Of the camera's luma and chroma, for a conversion.</param>
        /// <param name="fit">What to do where the ratios of the sides differ.</param>
        /// <exception cref="ArgumentNullException">A device is null.</exception>
        /// <exception cref="ArgumentException">A number is out of its range, the waits differ, or the formats do and nobody can
        /// convert.</exception>
        /// <exception cref="InvalidOperationException">A device has no format.</exception>
        public Pipeline(VideoCaptureDevice capture, VideoOutputDevice output, int buffers, Quantization range, ScaleFit fit)
        {
            if (capture == null || output == null)
            {
                throw new ArgumentNullException(capture == null ? nameof(capture) : nameof(output));
            }
            if (capture.Format == null || output.Format == null)
            {
                throw new InvalidOperationException((capture.Format == null ? capture.Name : output.Name)
                    + " has no format: expected SetFormat before a pipeline");
            }
            if (buffers < VideoBufferQueue.MinBuffers)
            {
                // The contract refuses more buffers than a queue has.
                throw new ArgumentOutOfRangeException(nameof(buffers), buffers.ToString() + " buffers: expected at least "
                    + VideoBufferQueue.MinBuffers.ToString());
            }
            if (capture.Wait != output.Wait)
            {
                throw new ArgumentException(capture.Name + " and " + output.Name + " wait apart: expected one VideoWait, which either wakes",
                    nameof(output));
            }
            _capture = capture;
            _output = output;
            _wait = capture.Wait;
            _buffers = buffers;
            IsDirect = IsSame(capture.Format, output.Format) && Reaches(output.Buffers, capture.Buffers);
            DmaAllocator dma = capture.Buffers.Dma;
            int fps = capture.FramePeriod > Second ? 1 : (Second + capture.FramePeriod / 2) / capture.FramePeriod;
            Contract = new Contract(dma);
            _captured = Contract.Declare(capture.Name, capture.Buffers.Device, capture.Format, buffers, fps, DmaDirection.FromDevice,
                capture.Buffers.Layout);
            if (!IsDirect)
            {
                _converter = new FrameConverter(dma.Memory, capture.Format, output.Format, range, fit);
                _shown = Contract.Declare(output.Name, output.Buffers.Device, output.Format, buffers, fps, DmaDirection.ToDevice,
                    output.Buffers.Layout);
            }
        }

        /// <summary>What it needs.</summary>
        public Contract Contract { get; }

        /// <summary>Whether buffers go from camera to display as they are.</summary>
        public bool IsDirect { get; }

        /// <summary>Whether it was started and has not stopped.</summary>
        public bool IsRunning { get; private set; }

        /// <summary>Why the last <see cref="Start"/> failed or the pipeline stopped by itself; empty where it did not.</summary>
        public string Refusal { get; private set; } = "";

        /// <summary>Frames that went to the display without a copy, since the start.</summary>
        public long Direct { get; private set; }

        /// <summary>Frames that the CPU converted, and so copied, since the start.</summary>
        public long Converted { get; private set; }

        /// <summary>Buffers that came back from the display, since the start.</summary>
        public long Shown { get; private set; }

        /// <summary>Frames that did not reach the screen whole: the display reported an error, since the start.</summary>
        public long DisplayErrors { get; private set; }

        /// <summary>Waits in vain, since the start.</summary>
        public long Stalls { get; private set; }

        /// <summary>Times that the camera was started again, since the start.</summary>
        public long Restarts { get; private set; }

        /// <summary>Frames that the camera lost for want of a buffer, since the start.</summary>
        public long Dropped { get { return _capture.Dropped - _droppedBefore; } }

        /// <summary>Frames of the camera that were damaged and therefore not shown, since the start.</summary>
        public long Damaged { get { return _capture.Errors - _captureErrorsBefore; } }

        /// <summary>Blocks of memory that were taken since it has started: none, ever.</summary>
        public long Allocations { get { return IsRunning ? _capture.Buffers.Allocations + _output.Buffers.Allocations - _allocationsBefore : 0; } }

        /// <summary>Takes what the contract says and starts both devices; all or nothing.</summary>
        /// <returns>EBUSY where it or a device runs already, ENODEV where a device does not answer, ENOBUFS where memory is missing, EIO where a
        /// device will not start: then <see cref="Refusal"/> says why, and everything has been given back.</returns>
        public VideoResult Start()
        {
            if (IsRunning || _capture.State != VideoState.Off || _output.State != VideoState.Off)
            {
                return VideoResult.EBUSY;
            }
            Refusal = "";
            if (!_capture.IsPresent || !_output.IsPresent)
            {
                return StopWith(VideoResult.ENODEV, (_capture.IsPresent ? _output.Name : _capture.Name) + " does not answer");
            }
            if (!Contract.Check())
            {
                return StopWith(VideoResult.ENOBUFS, Contract.Refusal);
            }
            _capture.Buffers.CpuLooks = !IsDirect;
            if (_capture.RequestBuffers(_buffers, VideoMemory.Mmap, out _) != VideoResult.Ok)
            {
                return StopWith(VideoResult.ENOBUFS, Contract.WhyNotTaken(_captured));
            }
            if (_output.RequestBuffers(_buffers, IsDirect ? VideoMemory.Dmabuf : VideoMemory.Mmap, out _) != VideoResult.Ok)
            {
                // Before the camera's buffers go back, because there was no room beside them.
                return StopWith(VideoResult.ENOBUFS, Contract.WhyNotTaken(_shown));
            }
            Direct = Converted = Shown = DisplayErrors = Stalls = Restarts = 0;
            _droppedBefore = _capture.Dropped;
            _captureErrorsBefore = _capture.Errors;
            _stallRun = 0;
            _free.Clear();
            for (int i = 0; i < _buffers; i++)
            {
                _ = _capture.Queue(i);
                if (!IsDirect)
                {
                    _free.Push(i);
                }
            }
            VideoResult result = _output.StreamOn();
            if (result != VideoResult.Ok)
            {
                return StopWith(result, _output.Name + " did not start");
            }
            result = _capture.StreamOn();
            if (result != VideoResult.Ok)
            {
                return StopWith(result, _capture.Name + " did not start");
            }
            _allocationsBefore = _capture.Buffers.Allocations + _output.Buffers.Allocations;
            IsRunning = true;
            return VideoResult.Ok;
        }

        /// <summary>Moves one frame on, and waits for it if need be.</summary>
        /// <param name="millisecondsTimeout">Milliseconds to wait at most, above 0.</param>
        /// <returns>ETIME where none came in time; the pipeline goes on, and starts the camera again after three times. ENODEV
        /// where a device was pulled out: the pipeline has stopped. EINVAL where it does not run, or is paused.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The timeout is 0 or less.</exception>
        public VideoResult Step(int millisecondsTimeout)
        {
            if (millisecondsTimeout < 1)
            {
                throw new ArgumentOutOfRangeException(nameof(millisecondsTimeout), millisecondsTimeout.ToString() + " ms: expected at least 1");
            }
            if (!IsRunning || _capture.State == VideoState.Paused)
            {
                return VideoResult.EINVAL;
            }
            long end = _wait.Microseconds + (long)millisecondsTimeout * Milli;
            while (true)
            {
                if (Move())
                {
                    _stallRun = 0;
                    return VideoResult.Ok;
                }
                if (_capture.IsRemoved || _output.IsRemoved)
                {
                    return StopWith(VideoResult.ENODEV, (_capture.IsRemoved ? _capture.Name : _output.Name) + " was pulled out");
                }
                // After two frame times without an interrupt, ask the hardware: one may have been lost.
                long now = _wait.Microseconds, until = now + 2L * _capture.FramePeriod;
                if (now >= end)
                {
                    return Stall();
                }
                if (!_wait.WaitUntil(until < end ? until : end))
                {
                    _capture.Poll();
                    _output.Poll();
                }
            }
        }

        /// <summary>Holds on: the camera stops, the display keeps what it shows.</summary>
        /// <returns>EINVAL where it does not run.</returns>
        public VideoResult Pause()
        {
            if (!IsRunning)
            {
                return VideoResult.EINVAL;
            }
            _ = _capture.Pause();
            return _output.Pause();
        }

        /// <summary>Ends a pause.</summary>
        /// <returns>EINVAL where it is not paused; ENODEV, EIO where a device does not come back: the pipeline has stopped.</returns>
        public VideoResult Resume()
        {
            if (!IsRunning || _capture.State != VideoState.Paused)
            {
                return VideoResult.EINVAL;
            }
            VideoResult result = _output.Resume();
            if (result != VideoResult.Ok)
            {
                return StopWith(result, _output.Name + " did not come back from a pause");
            }
            result = _capture.Resume();
            return result == VideoResult.Ok ? result : StopWith(result, _capture.Name + " did not come back from a pause");
        }

        /// <summary>Stops both devices and gives every byte back. A pipeline that does not run is left alone.</summary>
        public void Stop()
        {
            if (IsRunning)
            {
                GiveBack();
            }
        }

        /// <summary>Its counters on a line, without its end.</summary>
        /// <returns>A text without a line's end.</returns>
        public string ToText()
        {
            return "frames " + (Direct + Converted).ToString() + ", copied " + Converted.ToString() + ", shown " + Shown.ToString()
                + ", dropped " + Dropped.ToString() + ", damaged " + Damaged.ToString() + ", display errors " + DisplayErrors.ToString()
                + ", stalls " + Stalls.ToString() + ", restarts " + Restarts.ToString() + ", allocations since start "
                + Allocations.ToString();
        }

        private static bool IsSame(VideoFormat one, VideoFormat other)
        {
            return one.PixelFormat == other.PixelFormat && one.Width == other.Width && one.Height == other.Height
                && one.BytesPerLine == other.BytesPerLine;
        }

        /// <summary>Whether a queue's device reaches whatever memory another's buffers may get.</summary>
        private static bool Reaches(VideoBufferQueue queue, VideoBufferQueue other)
        {
            DmaDevice device = other.Device;
            BusMap bus = queue.Dma.Bus;
            if (device.TailPolicy == DmaTail.Pool)
            {
                ReservedPool pool = device.TailPool;
                return bus.Reaches(queue.Device, bus.Find(pool.Start), pool.Start, (uint)pool.BufferSize * (uint)pool.Count);
            }
            Zone[] zones = device.BufferZones;
            for (int i = 0; i < zones.Length; i++)
            {
                uint start = zones[i].Start, size = (uint)zones[i].Pages << queue.Dma.Pages.PageShift;
                if (!bus.Reaches(queue.Device, bus.Find(start), start, size))
                {
                    return false;
                }
            }
            return true;
        }

        private bool Move()
        {
            VideoBuffer buffer;
            while (_output.Dequeue(out buffer) == VideoResult.Ok)
            {
                Shown++;
                if ((buffer.Flags & VideoBufferFlags.Error) != 0)
                {
                    DisplayErrors++;
                }
                if (IsDirect)
                {
                    _ = _capture.Queue(buffer.Index);
                }
                else
                {
                    _free.Push(buffer.Index);
                }
            }
            while ((IsDirect || _free.Count > 0) && _capture.Dequeue(out buffer) == VideoResult.Ok)
            {
                if ((buffer.Flags & VideoBufferFlags.Error) != 0)
                {
                    _ = _capture.Queue(buffer.Index);
                    continue;
                }
                if (IsDirect)
                {
                    return Forward(buffer);
                }
                Convert(buffer);
                return true;
            }
            return false;
        }

        private bool Forward(VideoBuffer buffer)
        {
            if (_output.Queue(buffer.Index, buffer) != VideoResult.Ok)
            {
                // The display went away since it was asked last; the loop finds out.
                _ = _capture.Queue(buffer.Index);
                return false;
            }
            Direct++;
            return true;
        }

        private void Convert(VideoBuffer buffer)
        {
            VideoBuffer target = _output.QueryBuffer(_free.Pop());
            _converter.Convert(buffer.Address, target.Address);
            Converted++;
            if (_output.Queue(target.Index) != VideoResult.Ok)
            {
                _free.Push(target.Index);
            }
            _ = _capture.Queue(buffer.Index);
        }

        private VideoResult Stall()
        {
            Stalls++;
            if (++_stallRun < StallLimit)
            {
                return VideoResult.ETIME;
            }
            _stallRun = 0;
            Restarts++;
            _ = _capture.Pause();
            VideoResult result = _capture.Resume();
            return result == VideoResult.Ok ? VideoResult.ETIME : StopWith(result, _capture.Name + " did not start again after a stall");
        }

        private VideoResult StopWith(VideoResult result, string why)
        {
            Refusal = why;
            GiveBack();
            return result;
        }

        private void GiveBack()
        {
            IsRunning = false;
            // The display first: it may be reading the camera's buffers.
            _ = _output.StreamOff();
            _ = _capture.StreamOff();
            _ = _output.RequestBuffers(0, VideoMemory.Mmap, out _);
            _ = _capture.RequestBuffers(0, VideoMemory.Mmap, out _);
        }
    }
}
