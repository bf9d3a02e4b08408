using System;
using Carveout.Memory;
using Carveout.Video.Devices;

namespace Carveout.Video
{
    /// <summary>What capture and output have in common: V4L2's streaming I/O, with the states and refusals of mxc_v4l2_output.</summary>
    /// <remarks>
    /// <para>One program uses a device. The callbacks of its hardware may come at any time, in interrupt context, and allocate nothing.
    /// After construction nothing is allocated from the managed heap.</para>
    /// <para>Sources: V4L2's uAPI (VIDIOC_REQBUFS, VIDIOC_QBUF, VIDIOC_STREAMON) for refusals; drivers/media/platform/mxc/output,
    /// mxc_v4l2_output.c, for 2 to 30 buffers, for the pause, and for ETIME of a dequeue that waited too long. V4L2 answers a mistake with
    /// EINVAL at best; here a call throws if only a mistake can cause it.</para>
    /// </remarks>
    public abstract class VideoDevice
    {
        private const int Milli = 1000;

        private readonly VideoWait _wait;
        private readonly FrameHardware _hardware;

        internal VideoDevice(FrameHardware hardware, DmaDevice device, DmaAllocator dma, DmaStreaming streaming, VideoWait wait,
            DmaDirection direction)
        {
            Buffers = new VideoBufferQueue(dma, streaming, device, direction, hardware);
            Misuse.Given(wait, nameof(wait));
            if (device.Alignment < hardware.Alignment)
            {
                throw new ArgumentException(hardware.Name + " wants buffers at multiples of " + hardware.Alignment.ToString() + ", DMA device '"
                    + device.Name + "' at multiples of " + device.Alignment.ToString() + ": expected at least as much", nameof(device));
            }
            _wait = wait;
            _hardware = hardware;
        }

        /// <summary>The hardware's name in reports.</summary>
        public string Name { get { return _hardware.Name; } }

        /// <summary>The device's buffers.</summary>
        public VideoBufferQueue Buffers { get; }

        /// <summary>The device's state.</summary>
        public VideoState State { get; private set; }

        /// <summary>The format of its frames; null until <see cref="SetFormat"/>.</summary>
        public VideoFormat? Format { get { return Buffers.Format; } }

        /// <summary>How many frames the hardware has finished since the device was made, including damaged ones.</summary>
        public long Frames { get { return Buffers.Frames; } }

        /// <summary>How many of these frames were damaged; their buffers have <see cref="VideoBufferFlags.Error"/>.</summary>
        public long Errors { get { return Buffers.Errors; } }

        /// <summary>How many frames were finished without an interrupt, and found by asking the hardware after a wait.</summary>
        public long Recovered { get; private set; }

        /// <summary>Whether the hardware was unplugged while it streamed. It stays true until <see cref="StreamOff"/>.</summary>
        public bool IsRemoved { get; private set; }

        /// <summary>Whether the hardware answers.</summary>
        public bool IsPresent { get { return _hardware.IsPresent; } }

        internal VideoWait Wait { get { return _wait; } }

        /// <summary>Sets the format of frames. Width, height and bytes must be the hardware's own; the caller says what the bytes mean.</summary>
        /// <returns>Ok; EBUSY while the device streams or has buffers; EINVAL if the hardware has other frames.</returns>
        public VideoResult SetFormat(VideoFormat format)
        {
            Misuse.Given(format, nameof(format));
            if (State != VideoState.Off || Buffers.Count != 0)
            {
                return VideoResult.EBUSY;
            }
            if (!_hardware.Takes(format))
            {
                return VideoResult.EINVAL;
            }
            Buffers.SetFormat(format);
            return VideoResult.Ok;
        }

        /// <summary>Frees the buffers and makes new ones: all of them, or none.</summary>
        /// <param name="count">0 only frees. Other numbers are brought between <see cref="VideoBufferQueue.MinBuffers"/> and <see
        /// cref="VideoBufferQueue.MaxBuffers"/>.</param>
        /// <param name="given">How many buffers there are now.</param>
        /// <returns>Ok; EBUSY while the device streams; EINVAL without a format or for an unknown kind of memory; ENOBUFS if the memory
        /// cannot be had. Then there are no buffers, and everything taken has been given back.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
        public VideoResult RequestBuffers(int count, VideoMemory memory, out int given)
        {
            if (count < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(count), Name + ": " + count.ToString() + " buffers: expected 0 or more");
            }
            given = Buffers.Count;
            if (State != VideoState.Off)
            {
                return VideoResult.EBUSY;
            }
            if (Format == null || (memory != VideoMemory.Mmap && memory != VideoMemory.UserPtr && memory != VideoMemory.Dmabuf))
            {
                return VideoResult.EINVAL;
            }
            if (count != 0)
            {
                count = count < VideoBufferQueue.MinBuffers ? VideoBufferQueue.MinBuffers
                    : count > VideoBufferQueue.MaxBuffers ? VideoBufferQueue.MaxBuffers : count;
            }
            Buffers.Return();
            bool granted = Buffers.Request(count, memory);
            given = Buffers.Count;
            return granted ? VideoResult.Ok : VideoResult.ENOBUFS;
        }

        /// <summary>A buffer, to read its state.</summary>
        /// <param name="index">0 to the number of buffers - 1.</param>
        /// <returns>The device's own object, which changes with the buffer's state.</returns>
        public VideoBuffer QueryBuffer(int index)
        {
            if ((uint)index >= (uint)Buffers.Count)
            {
                throw new ArgumentOutOfRangeException(nameof(index), Name + ": buffer " + index.ToString() + ": expected "
                    + (Buffers.Count == 0 ? "RequestBuffers first" : "0 to " + (Buffers.Count - 1).ToString()));
            }
            return Buffers.At(index);
        }

        /// <summary>Queues one of the queue's own buffers (Mmap).</summary>
        /// <param name="index">Its number.</param>
        /// <returns>Ok; EINVAL if it is queued already or buffers have another kind of memory; ENODEV if the hardware was unplugged.</returns>
        public VideoResult Queue(int index)
        {
            VideoBuffer buffer = QueryBuffer(index);
            VideoResult result = Refuses(buffer, VideoMemory.Mmap);
            if (result == VideoResult.Ok)
            {
                Buffers.SyncForDevice(buffer);
                Enqueue(buffer, 0);
            }
            return result;
        }

        /// <summary>Queues a caller's memory as a buffer (UserPtr). The memory belongs to the device until the buffer is dequeued.</summary>
        /// <param name="index">A buffer's number.</param>
        /// <param name="address">Physical.</param>
        /// <param name="length">Bytes, at least a frame's.</param>
        /// <param name="bytesUsed">For a display, how many bytes are data: a frame's, or 0 for all. For a camera it has no meaning.</param>
        /// <returns>As for <see cref="Queue(int)"/>; also EINVAL if the memory is too short, and ENOBUFS if it cannot be mapped, because
        /// there is no room in the bounce buffers or in the table of mappings.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is no such buffer, or no such memory.</exception>
        /// <exception cref="InvalidOperationException">The memory is mapped already.</exception>
        public VideoResult Queue(int index, uint address, int length, int bytesUsed)
        {
            VideoBuffer buffer = QueryBuffer(index);
            VideoResult result = Refuses(buffer, VideoMemory.UserPtr);
            if (result != VideoResult.Ok)
            {
                return result;
            }
            if (length < Buffers.Layout.Moved || !IsFrame(bytesUsed))
            {
                return VideoResult.EINVAL;
            }
            if (!Buffers.Map(buffer, address, length))
            {
                return VideoResult.ENOBUFS;
            }
            Enqueue(buffer, bytesUsed);
            return VideoResult.Ok;
        }

        /// <summary>Queues another device's buffer (Dmabuf), without a copy. The other device must not use it until this one's is dequeued.</summary>
        /// <param name="index">A buffer's number.</param>
        /// <param name="source">A dequeued buffer of the other device.</param>
        /// <returns>As for <see cref="Queue(int)"/>; also EINVAL if the other device has the buffer or it is not its own, or if this device
        /// does not reach it.</returns>
        public VideoResult Queue(int index, VideoBuffer source)
        {
            if (source == null)
            {
                throw new ArgumentNullException(nameof(source));
            }
            VideoBuffer buffer = QueryBuffer(index);
            VideoResult result = Refuses(buffer, VideoMemory.Dmabuf);
            if (result != VideoResult.Ok)
            {
                return result;
            }
            if (!source.IsDequeued || (source.Handle & (uint)(_hardware.Alignment - 1)) != 0 || !Buffers.Import(buffer, source))
            {
                return VideoResult.EINVAL;
            }
            Enqueue(buffer, 0);
            return VideoResult.Ok;
        }

        /// <summary>Takes the buffer that was done first, without waiting.</summary>
        /// <param name="buffer">The buffer, which belongs to the caller now; null if there is none.</param>
        /// <returns>Ok; EAGAIN if none is done; EINVAL while the device is off; ENODEV if the hardware was unplugged and none is left that
        /// was done before.</returns>
        public VideoResult Dequeue(out VideoBuffer? buffer)
        {
            buffer = null;
            if (State == VideoState.Off)
            {
                return VideoResult.EINVAL;
            }
            // Ask this first: buffers that were finished before the hardware was removed are still handed out.
            bool removed = IsRemoved;
            buffer = Buffers.TakeDone();
            if (buffer == null)
            {
                return removed ? VideoResult.ENODEV : VideoResult.EAGAIN;
            }
            Buffers.SyncForCpu(buffer);
            return VideoResult.Ok;
        }

        /// <summary>Takes the buffer that was done first, and waits if there is none. After the wait it asks the hardware, in case an
        /// interrupt was lost.</summary>
        /// <param name="millisecondsTimeout">Milliseconds; 0 neither waits nor asks.</param>
        /// <param name="buffer">The buffer, which belongs to the caller now; null if there is none.</param>
        /// <returns>As for <see cref="Dequeue(out VideoBuffer)"/>, but ETIME if none was done in time.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The timeout is negative.</exception>
        public VideoResult Dequeue(int millisecondsTimeout, out VideoBuffer? buffer)
        {
            if (millisecondsTimeout < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(millisecondsTimeout),
                    Name + ": " + millisecondsTimeout.ToString() + " ms: expected 0 or more");
            }
            VideoResult result = Dequeue(out buffer);
            if (result != VideoResult.EAGAIN || millisecondsTimeout == 0)
            {
                return result;
            }
            long end = _wait.Microseconds + (long)millisecondsTimeout * Milli;
            while (_wait.WaitUntil(end))
            {
                result = Dequeue(out buffer);
                if (result != VideoResult.EAGAIN)
                {
                    return result;
                }
            }
            Poll();
            result = Dequeue(out buffer);
            return result == VideoResult.EAGAIN ? VideoResult.ETIME : result;
        }

        /// <summary>Starts the device, or ends a pause. Buffers may be queued before or after. If it streams already, nothing happens.</summary>
        /// <returns>Ok; EINVAL without buffers; ENODEV if the hardware does not answer; EIO if it does not start. Queued buffers stay
        /// queued.</returns>
        public VideoResult StreamOn()
        {
            if (State != VideoState.Off)
            {
                return State == VideoState.Paused ? Resume() : VideoResult.Ok;
            }
            return Buffers.Count == 0 ? VideoResult.EINVAL : Run(VideoState.Off);
        }

        /// <summary>Stops the hardware at once and gives every buffer back to the caller, whether queued, done or half filled. A device
        /// that is off gives back the queued ones.</summary>
        /// <returns>Ok, in every state.</returns>
        public VideoResult StreamOff()
        {
            if (State != VideoState.Off)
            {
                State = VideoState.Stopping;
                Halt();
            }
            Buffers.Return();
            IsRemoved = false;
            State = VideoState.Off;
            return VideoResult.Ok;
        }

        /// <summary>Pauses: the hardware gets no more buffers, and the queue stays as it is.</summary>
        /// <returns>Ok, also if it is paused already; EINVAL unless it streams.</returns>
        public VideoResult Pause()
        {
            if (State == VideoState.On)
            {
                State = VideoState.Paused;
                Hold();
            }
            return State == VideoState.Paused ? VideoResult.Ok : VideoResult.EINVAL;
        }

        /// <summary>Ends a pause.</summary>
        /// <returns>Ok; EINVAL unless it is paused; ENODEV and EIO as for <see cref="StreamOn"/>, and it stays paused then.</returns>
        public VideoResult Resume() => State == VideoState.Paused ? Run(VideoState.Paused) : VideoResult.EINVAL;

        /// <summary>Asks the hardware for events whose interrupts were lost. The program calls it after a wait without a result.</summary>
        public void Poll()
        {
            long before = Frames;
            _hardware.Poll();
            Recovered += Frames - before;
        }

        /// <summary>Hands buffers to the hardware for as long as it takes any. May be called in any context.</summary>
        internal void Feed()
        {
            bool more = true;
            while (more)
            {
                VideoBuffer? buffer = Buffers.BeginFeed(this);
                if (buffer == null)
                {
                    return;
                }
                bool taken = Give(buffer), gone = !taken && !IsPresent;
                more = Buffers.EndFeed(buffer, taken) && !gone;
                if (gone)
                {
                    Remove();
                }
            }
        }

        /// <summary>Makes a finished buffer available to Dequeue.</summary>
        internal void Announce(VideoBuffer buffer)
        {
            Buffers.PutDone(buffer);
            Feed();
            _wait.Wake();
        }

        internal void Remove()
        {
            IsRemoved = true;
            _wait.Wake();
        }

        /// <summary>Whether a caller's number of bytes is a frame's; 0 always is.</summary>
        internal abstract bool IsFrame(int bytesUsed);

        /// <summary>Takes the next buffer for the hardware; -1 if there is none or it takes none now. Under the queue's lock.</summary>
        internal virtual int NextIndex() => State == VideoState.On && !IsRemoved ? Buffers.TakeQueued() : -1;

        internal abstract bool Give(VideoBuffer buffer);

        /// <summary>Starts the hardware, if it can be started without a buffer.</summary>
        internal abstract bool Begin(bool resumes);

        internal abstract void Halt();

        internal abstract void Hold();

        private VideoResult Refuses(VideoBuffer buffer, VideoMemory memory) =>
            Buffers.Memory != memory || !buffer.IsDequeued ? VideoResult.EINVAL : IsRemoved ? VideoResult.ENODEV : VideoResult.Ok;

        private void Enqueue(VideoBuffer buffer, int bytesUsed)
        {
            Buffers.Queue(buffer, bytesUsed);
            Feed();
        }

        private VideoResult Run(VideoState otherwise)
        {
            if (!IsPresent)
            {
                return VideoResult.ENODEV;
            }
            State = VideoState.On;
            Feed();
            if (!IsRemoved && Begin(otherwise == VideoState.Paused))
            {
                return VideoResult.Ok;
            }
            State = VideoState.Stopping;
            Halt();
            Buffers.Requeue();
            IsRemoved = false;
            State = otherwise;
            return IsPresent ? VideoResult.EIO : VideoResult.ENODEV;
        }
    }
}
