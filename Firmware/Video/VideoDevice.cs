using System;
using Carveout.Memory;

namespace Carveout.Video
{
    /// <summary>What capture and output have in common: V4L2's streaming I/O, with the states and refusals of mxc_v4l2_output.</summary>
    /// <remarks>
    /// <para>One program uses a device; the callbacks of its hardware may come at any time, in interrupt context, and allocate nothing.
    /// Nothing at all is allocated from the managed heap after construction.</para>
    /// <para>Sources: V4L2's uAPI (VIDIOC_REQBUFS, VIDIOC_QBUF, VIDIOC_STREAMON) for what refuses what; drivers/media/platform/mxc/output,
    /// mxc_v4l2_output.c, for 2 to 30 buffers, the pause and ETIME of a dequeue that waited long enough. V4L2 answers a
    /// mistake with EINVAL at best; here a call that only a mistake can make throws.</para>
    /// </remarks>
    public abstract partial class VideoDevice
    {
        private const int Milli = 1000;

        private readonly VideoWait _wait;
        private readonly int _alignment;

        internal VideoDevice(string name, VideoBufferQueue queue, VideoWait wait, int alignment)
        {
            if (wait == null)
            {
                throw new ArgumentNullException(nameof(wait));
            }
            if (queue.Device.Alignment < alignment)
            {
                throw new ArgumentException(name + " wants buffers at multiples of " + alignment.ToString() + ", DMA device '"
                    + queue.Device.Name + "' at multiples of " + queue.Device.Alignment.ToString() + ": expected at least as much",
                    "device");
            }
            Name = name;
            Buffers = queue;
            _wait = wait;
            _alignment = alignment;
        }

        /// <summary>The hardware's name in reports.</summary>
        public string Name { get; }

        /// <summary>Its buffers.</summary>
        public VideoBufferQueue Buffers { get; }

        /// <summary>What it is doing.</summary>
        public VideoState State { get; private set; }

        /// <summary>The format of its frames; null until <see cref="SetFormat"/>.</summary>
        public VideoFormat Format { get; private set; }

        /// <summary>Frames that the hardware was done with, damaged ones included, since the device was made.</summary>
        public long Frames { get; internal set; }

        /// <summary>Of those, damaged ones: their buffers come with <see cref="VideoBufferFlags.Error"/>.</summary>
        public long Errors { get; internal set; }

        /// <summary>Frames that were there, but whose interrupt was not: found by asking the hardware when a wait was over.</summary>
        public long Recovered { get; internal set; }

        /// <summary>Whether the hardware was pulled out while it streamed; until <see cref="StreamOff"/>.</summary>
        public bool IsRemoved { get; private set; }

        /// <summary>Whether the hardware answers.</summary>
        public abstract bool IsPresent { get; }

        /// <summary>How the program waits.</summary>
        internal VideoWait Wait { get { return _wait; } }

        /// <summary>Sets the format of frames: the hardware's own width, height and bytes, whose meaning is the caller's to say.</summary>
        /// <param name="format">Not null.</param>
        /// <returns>EBUSY while it streams or has buffers; EINVAL where the hardware's frames are others.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="format"/> is null.</exception>
        public VideoResult SetFormat(VideoFormat format)
        {
            if (format == null)
            {
                throw new ArgumentNullException(nameof(format));
            }
            if (State != VideoState.Off || Buffers.Count != 0)
            {
                return VideoResult.EBUSY;
            }
            if (!Takes(format))
            {
                return VideoResult.EINVAL;
            }
            Format = format;
            Buffers.Layout.Ask(format.SizeImage);
            return VideoResult.Ok;
        }

        /// <summary>Frees the buffers that there are and makes others; all of them, or none.</summary>
        /// <param name="count">0 frees; other numbers are brought within <see cref="VideoBufferQueue.MinBuffers"/> and
        /// <see cref="VideoBufferQueue.MaxBuffers"/>.</param>
        /// <param name="memory">Whose memory they shall be.</param>
        /// <param name="given">Buffers that there are now.</param>
        /// <returns>EBUSY while it streams, EINVAL without a format or for an unknown kind of memory, ENOBUFS if the memory cannot be had: then
        /// there are no buffers, and what was got is given back.</returns>
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

        /// <summary>A buffer, to be looked at.</summary>
        /// <param name="index">0 to the number of buffers that were granted - 1.</param>
        /// <returns>The device's own object: what it shows changes as the buffer goes its way.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is none of that number.</exception>
        public VideoBuffer QueryBuffer(int index)
        {
            if ((uint)index >= (uint)Buffers.Count)
            {
                throw new ArgumentOutOfRangeException(nameof(index), Name + ": buffer " + index.ToString() + ": expected "
                    + (Buffers.Count == 0 ? "RequestBuffers first" : "0 to " + (Buffers.Count - 1).ToString()));
            }
            return Buffers.At(index);
        }

        /// <summary>Queues a buffer of the queue's own (Mmap).</summary>
        /// <param name="index">Its number.</param>
        /// <returns>EINVAL where it is queued already or buffers are another's memory, ENODEV where the hardware was pulled out.</returns>
        /// <exception cref="ArgumentOutOfRangeException">There is no such buffer.</exception>
        public VideoResult Queue(int index)
        {
            VideoBuffer buffer = QueryBuffer(index);
            VideoResult result = Refuses(buffer, VideoMemory.Mmap);
            if (result == VideoResult.Ok)
            {
                Buffers.SyncForDevice(buffer);
                Enqueue(buffer, Format.SizeImage);
            }
            return result;
        }

        /// <summary>Queues the caller's memory as a buffer (UserPtr). It is the device's until the buffer was dequeued.</summary>
        /// <param name="index">A buffer's number.</param>
        /// <param name="address">Physical.</param>
        /// <param name="length">Bytes, at least a frame's.</param>
        /// <param name="bytesUsed">To a display, bytes that mean something: a frame's, or 0, which means all. From a camera it does not
        /// matter.</param>
        /// <returns>As <see cref="Queue(int)"/>; EINVAL also where the memory is too short, ENOBUFS where it cannot be mapped: it has to bounce
        /// and there is no room, or the table of mappings is full.</returns>
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
            Enqueue(buffer, bytesUsed == 0 ? Format.SizeImage : bytesUsed);
            return VideoResult.Ok;
        }

        /// <summary>Queues another device's buffer (Dmabuf), without a copy. The other keeps its hands off until this one was dequeued.</summary>
        /// <param name="index">A buffer's number.</param>
        /// <param name="source">A dequeued buffer of the other device.</param>
        /// <returns>As <see cref="Queue(int)"/>; EINVAL also where the other device has it or it is not that one's own, or this one cannot take
        /// it where it lies.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
        /// <exception cref="ArgumentOutOfRangeException">There is no such buffer.</exception>
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
            if (!source.IsDequeued || (source.Handle & (uint)(_alignment - 1)) != 0 || !Buffers.Import(buffer, source))
            {
                return VideoResult.EINVAL;
            }
            Enqueue(buffer, Format.SizeImage);
            return VideoResult.Ok;
        }

        /// <summary>Takes the buffer that has been done for longest, without waiting.</summary>
        /// <param name="buffer">The buffer, the caller's now; null if there is none.</param>
        /// <returns>EAGAIN where none is done, EINVAL while the device is off, ENODEV where the hardware was pulled out and nothing is left that
        /// was done before.</returns>
        public VideoResult Dequeue(out VideoBuffer buffer)
        {
            buffer = null;
            if (State == VideoState.Off)
            {
                return VideoResult.EINVAL;
            }
            // Asked first: what was done before the hardware went away is still handed out.
            bool removed = IsRemoved;
            buffer = Buffers.TakeDone();
            if (buffer == null)
            {
                return removed ? VideoResult.ENODEV : VideoResult.EAGAIN;
            }
            Buffers.SyncForCpu(buffer);
            return VideoResult.Ok;
        }

        /// <summary>Takes the buffer that has been done for longest, and waits for one if there is none. When the time is over it asks the
        /// hardware, in case an interrupt was lost.</summary>
        /// <param name="millisecondsTimeout">Milliseconds; 0 does not wait, and does not ask.</param>
        /// <param name="buffer">The buffer, the caller's now; null if there is none.</param>
        /// <returns>As <see cref="Dequeue(out VideoBuffer)"/>, but ETIME where none was done in time.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The timeout is negative.</exception>
        public VideoResult Dequeue(int millisecondsTimeout, out VideoBuffer buffer)
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

        /// <summary>Starts. Buffers may be queued before or after; streaming already is no failure, and a pause ends.</summary>
        /// <returns>EINVAL without buffers, ENODEV where the hardware does not answer, EIO where it does and will not start. What was queued
        /// stays so.</returns>
        public VideoResult StreamOn()
        {
            if (State != VideoState.Off)
            {
                return State == VideoState.Paused ? Resume() : VideoResult.Ok;
            }
            return Buffers.Count == 0 ? VideoResult.EINVAL : Run(VideoState.Off);
        }

        /// <summary>Stops the hardware at once and gives every buffer back to the caller: queued, done or half filled. A device that is off gives
        /// back what is queued.</summary>
        /// <returns>Ok, in every state.</returns>
        public VideoResult StreamOff()
        {
            if (State != VideoState.Off)
            {
                State = VideoState.Stopping;
                Halt();
            }
            Buffers.Return();
            _feeding = _feedAgain = false;
            IsRemoved = false;
            State = VideoState.Off;
            return VideoResult.Ok;
        }

        /// <summary>Holds on: the hardware gets no more buffers, and the queue stays as it is.</summary>
        /// <returns>EINVAL unless it streams; paused already is no failure.</returns>
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
        /// <returns>EINVAL unless it is paused, ENODEV and EIO as for <see cref="StreamOn"/>; it stays paused then.</returns>
        public VideoResult Resume()
        {
            return State == VideoState.Paused ? Run(VideoState.Paused) : VideoResult.EINVAL;
        }

        /// <summary>Asks the hardware for what its interrupts should have said. For the program, when it has waited in vain.</summary>
        public void Poll()
        {
            long before = Frames;
            PollHardware();
            Recovered += Frames - before;
        }

        private VideoResult Refuses(VideoBuffer buffer, VideoMemory memory)
        {
            return Buffers.Memory != memory || !buffer.IsDequeued ? VideoResult.EINVAL : IsRemoved ? VideoResult.ENODEV : VideoResult.Ok;
        }

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
