using System;
using Carveout.Memory;

namespace Carveout.Video
{
    /// <summary>Moves frames from a camera to a display. It takes its memory when it starts, and no allocator touches that until it stops.</summary>
    /// <remarks>
    /// <para>If camera and display have the same format and the display reaches the camera's memory, a buffer goes from one to the other
    /// and back: without copy, mapping or cache maintenance, since the CPU does not access it. Otherwise the CPU converts each frame from
    /// the camera's buffer to the display's. This is the one copy, and it is counted.</para>
    /// <para>The program calls <see cref="Step"/> in a loop. Step allocates nothing, neither pages nor managed memory. It drops a frame
    /// that the hardware damaged, finds the frame of a lost interrupt by asking the hardware, and starts a camera again that stands still.
    /// If a device is lost, it stops the pipeline and gives everything back.</para>
    /// <para>Without conversion the camera needs two buffers, and a scan-out display two: the one on the screen and the next. So 4 buffers
    /// lose no frame as long as the program is not late.</para>
    /// </remarks>
    public sealed class Pipeline
    {
        /// <summary>After so many waits in a row without a frame, the camera is started again.</summary>
        internal const int StallLimit = 3;

        private const int Milli = 1000, Second = 1000000;

        private readonly VideoCaptureDevice _capture;
        private readonly VideoOutputDevice _output;
        private readonly FrameConverter? _converter;
        private readonly VideoStream _captured;
        private readonly VideoStream? _shown;
        private readonly VideoWait _wait;

        /// <summary>The display's buffers that hold no frame; used for conversion only.</summary>
        private readonly IndexRing _free = new IndexRing(VideoBufferQueue.MaxBuffers);

        private readonly int _buffers;
        private int _stallRun;
        private long _allocationsBefore, _droppedBefore, _captureErrorsBefore;

        /// <summary>A pipeline that has not started. It takes no buffers yet, only the managed memory of a conversion.</summary>
        /// <param name="capture">The camera: it has a format and is off.</param>
        /// <param name="output">The display: it has a format, is off, and shares the camera's wait.</param>
        /// <param name="buffers">How many buffers the camera has, and, for a conversion, the display too: <see
        /// cref="VideoBufferQueue.MinBuffers"/> to <see cref="VideoBufferQueue.MaxBuffers"/>.</param>
        /// <param name="range">The range of the camera's luma and chroma, for a conversion.</param>
        /// <exception cref="ArgumentException">A number is out of its range, the waits differ, or the formats differ and cannot be
        /// converted.</exception>
        /// <exception cref="InvalidOperationException">A device has no format.</exception>
        public Pipeline(VideoCaptureDevice capture, VideoOutputDevice output, int buffers, Quantization range, ScaleFit fit)
        {
            Misuse.Given(capture, nameof(capture));
            Misuse.Given(output, nameof(output));
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
            _captured = Contract.Declare(capture, buffers, fps);
            if (!IsDirect)
            {
                _converter = new FrameConverter(dma.Memory, capture.Format, output.Format, range, fit);
                _shown = Contract.Declare(output, buffers, fps);
            }
        }

        /// <summary>The memory that it needs.</summary>
        public Contract Contract { get; }

        /// <summary>Whether buffers go from the camera to the display without conversion.</summary>
        public bool IsDirect { get; }

        /// <summary>Whether it has been started and not stopped since.</summary>
        public bool IsRunning { get; private set; }

        /// <summary>Why the last <see cref="Start"/> failed, or why the pipeline stopped by itself; otherwise empty.</summary>
        public string Refusal { get; private set; } = "";

        /// <summary>How many frames went to the display without a copy, since the start.</summary>
        public long Direct { get; private set; }

        /// <summary>How many frames the CPU converted, and so copied, since the start.</summary>
        public long Converted { get; private set; }

        /// <summary>How many buffers came back from the display, since the start.</summary>
        public long Shown { get; private set; }

        /// <summary>How many frames did not reach the screen whole, because the display reported an error, since the start.</summary>
        public long DisplayErrors { get; private set; }

        /// <summary>How many waits ended without a frame, since the start.</summary>
        public long Stalls { get; private set; }

        /// <summary>How often the camera was started again, since the start.</summary>
        public long Restarts { get; private set; }

        /// <summary>How many frames the camera lost because no buffer was queued, since the start.</summary>
        public long Dropped { get { return _capture.Dropped - _droppedBefore; } }

        /// <summary>How many frames of the camera were damaged and therefore not shown, since the start.</summary>
        public long Damaged { get { return _capture.Errors - _captureErrorsBefore; } }

        /// <summary>How many blocks of memory were taken since it has started; always 0.</summary>
        public long Allocations { get { return IsRunning ? _capture.Buffers.Allocations + _output.Buffers.Allocations - _allocationsBefore : 0; } }

        /// <summary>Takes the contract's memory and starts both devices. If a step fails, everything is given back.</summary>
        /// <returns>Ok; EBUSY if the pipeline or a device runs already, ENODEV if a device does not answer, ENOBUFS if memory is missing,
        /// EIO if a device does not start. <see cref="Refusal"/> says why.</returns>
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
                return StopWith(VideoResult.ENOBUFS, _captured.WhyNotTaken());
            }
            if (_output.RequestBuffers(_buffers, IsDirect ? VideoMemory.Dmabuf : VideoMemory.Mmap, out _) != VideoResult.Ok)
            {
                // Ask before the camera's buffers are given back, because they are why there was no room.
                return StopWith(VideoResult.ENOBUFS, _shown!.WhyNotTaken());
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

        /// <summary>Moves one frame to the display, and waits for it if need be.</summary>
        /// <param name="millisecondsTimeout">The longest wait in milliseconds, above 0.</param>
        /// <returns>Ok; ETIME if no frame came in time: the pipeline goes on, and the third time it starts the camera again. ENODEV if a
        /// device was unplugged: the pipeline has stopped. EINVAL if the pipeline does not run, or is paused.</returns>
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
                // If two frame times pass without an interrupt, ask the hardware: an interrupt may have been lost.
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

        /// <summary>Pauses: the camera stops, and the display keeps its picture.</summary>
        /// <returns>Ok; EINVAL if the pipeline does not run.</returns>
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
        /// <returns>Ok; EINVAL if it is not paused; ENODEV or EIO if a device does not start again: the pipeline has stopped.</returns>
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

        /// <summary>Stops both devices and gives every byte back. If the pipeline does not run, nothing happens.</summary>
        public void Stop()
        {
            if (IsRunning)
            {
                GiveBack();
            }
        }

        /// <summary>Its counters in one line.</summary>
        /// <returns>A text without the end of a line.</returns>
        public string ToText() =>
            "frames " + (Direct + Converted).ToString() + ", copied " + Converted.ToString() + ", shown " + Shown.ToString()
                + ", dropped " + Dropped.ToString() + ", damaged " + Damaged.ToString() + ", display errors " + DisplayErrors.ToString()
                + ", stalls " + Stalls.ToString() + ", restarts " + Restarts.ToString() + ", allocations since start "
                + Allocations.ToString();

        private static bool IsSame(VideoFormat one, VideoFormat other) =>
            one.PixelFormat == other.PixelFormat && one.Width == other.Width && one.Height == other.Height
                && one.BytesPerLine == other.BytesPerLine;

        /// <summary>Whether a queue's device reaches all memory that another queue's buffers may get.</summary>
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
                // The display was unplugged since the last check. The loop will notice it.
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
            // Stop the display first: it may be reading the camera's buffers.
            _ = _output.StreamOff();
            _ = _capture.StreamOff();
            _ = _output.RequestBuffers(0, VideoMemory.Mmap, out _);
            _ = _capture.RequestBuffers(0, VideoMemory.Mmap, out _);
        }
    }
}
