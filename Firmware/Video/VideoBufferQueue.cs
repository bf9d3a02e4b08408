using System;
using Carveout.Board;
using Carveout.Memory;
using Carveout.Video.Devices;

namespace Carveout.Video
{
    /// <summary>The buffers of one video device: the state of each, and whether CPU or device may touch its memory now.</summary>
    /// <remarks>
    /// <para>A buffer is with the caller, queued, active (the device has it), or done. The latter three are rings of indices, first in, first out.
    /// Callbacks of devices move buffers between the rings in interrupt context, so every access to the rings is under the page allocator's lock.
    /// Calls that take that lock themselves (allocating, mapping, syncing) are made outside it, and only in the program's context.</para>
    /// <para>The queue's own memory is coherent if the device has coherent memory. Otherwise it is noncoherent, with SyncForDevice when a buffer is
    /// queued and SyncForCpu when it is dequeued. A frame that is dropped or recycled in between is never synced, since the CPU does not access it. A
    /// caller's memory is mapped when it is queued, and unmapped when it is dequeued.</para>
    /// <para>All buffer objects are made with the queue, so requesting buffers takes nothing from the managed heap.</para>
    /// </remarks>
    public sealed class VideoBufferQueue
    {
        /// <summary>The fewest buffers: one for the device, one for the caller. mxc_v4l2_output's MIN_FRAME_NUM.</summary>
        public const int MinBuffers = 2;

        /// <summary>The most buffers: mxc_v4l2_output's MAX_FRAME_NUM.</summary>
        public const int MaxBuffers = 30;

        /// <summary>Indices, in the order of arrival.</summary>
        private readonly IndexRing _queued = new IndexRing(MaxBuffers), _active = new IndexRing(MaxBuffers), _done = new IndexRing(MaxBuffers);

        private readonly DmaAllocator _dma;
        private readonly DmaStreaming _streaming;
        private readonly DmaDevice _device;
        private readonly DmaDirection _direction;
        private readonly AllocatorLock? _lock;
        private readonly VideoBuffer[] _buffers = new VideoBuffer[MaxBuffers];

        /// <summary>Whether a context is handing buffers to the hardware now, and whether another one has asked for that meanwhile.</summary>
        private bool _feeding, _feedAgain;

        internal VideoBufferQueue(DmaAllocator dma, DmaStreaming streaming, DmaDevice device, DmaDirection direction, FrameHardware hardware)
        {
            Misuse.Given(dma, nameof(dma));
            Misuse.Given(streaming, nameof(streaming));
            Misuse.Given(device, nameof(device));
            dma.Devices.Check(device);
            _dma = dma;
            _streaming = streaming;
            _device = device;
            _direction = direction;
            _lock = dma.Lock;
            Layout = new BufferLayout(dma.Pages, device, hardware.MinBufferSize, hardware.Alignment);
            for (int i = 0; i < _buffers.Length; i++)
            {
                _buffers[i] = new VideoBuffer(this, i);
            }
        }

        /// <summary>The kind of memory that the buffers have.</summary>
        public VideoMemory Memory { get; private set; }

        /// <summary>How many buffers there are.</summary>
        public int Count { get; private set; }

        /// <summary>How many buffers wait for the device.</summary>
        public int QueuedCount { get { return _queued.Count; } }

        /// <summary>How many buffers the device has.</summary>
        public int ActiveCount { get { return _active.Count; } }

        /// <summary>How many buffers wait for Dequeue. All others are with the caller.</summary>
        public int DoneCount { get { return _done.Count; } }

        /// <summary>Bytes of each of the queue's own buffers; the least bytes of a caller's buffer.</summary>
        public int BufferSize { get { return Layout.Asked; } }

        /// <summary>Whether the queue's own memory is coherent, so that caches need no maintenance.</summary>
        public bool IsCoherent { get { return Count != 0 && Memory == VideoMemory.Mmap && _device.HasCoherent; } }

        /// <summary>How many blocks have been taken, in all requests together.</summary>
        public long Allocations { get; private set; }

        /// <summary>How many frames the device has finished, damaged ones included.</summary>
        internal long Frames { get; private set; }

        internal long Errors { get; private set; }

        /// <summary>The format of the frames; null until there is one.</summary>
        internal VideoFormat? Format { get; private set; }

        internal BufferLayout Layout { get; }
        internal DmaDevice Device { get { return _device; } }
        internal DmaAllocator Dma { get { return _dma; } }

        /// <summary>Whether the CPU accesses the queue's own buffers. If not, they are synced once and never again.</summary>
        internal bool CpuLooks { get; set; } = true;

        /// <summary>The buffer with this number; there must be one.</summary>
        internal VideoBuffer At(int index) => _buffers[index];

        internal void SetFormat(VideoFormat format)
        {
            Format = format;
            Layout.Ask(format.SizeImage);
        }

        /// <summary>Frees the buffers and takes new ones. All buffers must be with the caller.</summary>
        /// <param name="count">0 to <see cref="MaxBuffers"/>.</param>
        /// <returns>False if a buffer could not be had; then there are no buffers.</returns>
        internal bool Request(int count, VideoMemory memory)
        {
            Free();
            Memory = memory;
            for (int i = 0; i < count; i++)
            {
                if (memory == VideoMemory.Mmap)
                {
                    if (!_dma.AllocBuffer(_buffers[i], Layout, _direction))
                    {
                        Free();
                        return false;
                    }
                    Allocations++;
                }
                Count = i + 1;
            }
            return true;
        }

        /// <summary>Prepares a caller's memory for the device.</summary>
        /// <returns>False if it cannot be mapped.</returns>
        internal bool Map(VideoBuffer buffer, uint address, int length)
        {
            uint handle = _streaming.MapSingle(_device, address, length, _direction);
            if (handle != 0)
            {
                buffer.Place(address, handle, -1, length);
                buffer.IsCpus = false;
            }
            return handle != 0;
        }

        /// <summary>Prepares another queue's own buffer for this queue's device. If the CPU has it, the other queue syncs it for the device
        /// first.</summary>
        /// <returns>False if it is not that queue's own memory or is too short, or if this device does not reach it or needs another
        /// alignment.</returns>
        internal bool Import(VideoBuffer buffer, VideoBuffer source)
        {
            uint handle = source.Handle;
            if (source.Owner.Memory != VideoMemory.Mmap || source.Owner.Dma != _dma || source.Address == 0 || source.Length < Layout.Moved
                || !_device.Fits(handle, Layout.Moved) || !_dma.Bus.Reaches(_device, source.Region, source.Address, (uint)Layout.Moved))
            {
                return false;
            }
            source.Owner.SyncForDevice(source);
            buffer.Place(source.Address, handle, source.Region, source.Length);
            return true;
        }

        /// <summary>Hands a buffer from the CPU to the device, before it is queued.</summary>
        internal void SyncForDevice(VideoBuffer buffer)
        {
            if (Memory == VideoMemory.Mmap && !_device.HasCoherent && buffer.IsCpus)
            {
                _streaming.SyncForDevice(_device, buffer.Handle, buffer.Length, _direction);
                buffer.IsCpus = false;
            }
        }

        /// <summary>Hands a buffer from the device to the CPU, after it was dequeued.</summary>
        internal void SyncForCpu(VideoBuffer buffer)
        {
            if (Memory == VideoMemory.UserPtr && !buffer.IsCpus)
            {
                _streaming.UnmapSingle(_device, buffer.Handle, buffer.Length, _direction);
                buffer.IsCpus = true;
            }
            else if (Memory == VideoMemory.Mmap && !_device.HasCoherent && !buffer.IsCpus && CpuLooks)
            {
                _streaming.SyncForCpu(_device, buffer.Handle, buffer.Length, _direction);
                buffer.IsCpus = true;
            }
        }

        /// <summary>Queues a buffer for the device.</summary>
        /// <param name="bytesUsed">How many of its bytes are data; 0 for a whole frame.</param>
        internal void Queue(VideoBuffer buffer, int bytesUsed)
        {
            Enter();
            buffer.BytesUsed = bytesUsed == 0 ? Format.SizeImage : bytesUsed;
            buffer.Flags = (buffer.Flags & ~VideoBufferFlags.Error) | VideoBufferFlags.Queued;
            _queued.Push(buffer.Index);
            Leave();
        }

        /// <summary>Takes the next buffer for the hardware. While another context hands buffers over, it leaves this one to that
        /// context, because the hardware is never called under the lock.</summary>
        /// <returns>The buffer, which is active now and is followed by <see cref="EndFeed"/>; null if there is none.</returns>
        internal VideoBuffer? BeginFeed(VideoDevice device)
        {
            VideoBuffer? buffer = null;
            Enter();
            _feedAgain = _feeding;
            int index = _feeding ? -1 : device.NextIndex();
            if (index >= 0)
            {
                _feeding = true;
                _active.Push(index);
                buffer = _buffers[index];
            }
            Leave();
            return buffer;
        }

        /// <summary>Notes whether the hardware took the buffer; if not, it is the next one again.</summary>
        /// <returns>Whether the hardware may take another: it took this one, or somebody has asked meanwhile.</returns>
        internal bool EndFeed(VideoBuffer buffer, bool taken)
        {
            Enter();
            _feeding = false;
            bool more = taken || _feedAgain;
            if (!taken)
            {
                _active.Remove(buffer.Index);
                _queued.PushFront(buffer.Index);
            }
            Leave();
            return more;
        }

        /// <summary>The first buffer that waits for the device; -1 if there is none. Under the lock.</summary>
        internal int TakeQueued() => _queued.Count == 0 ? -1 : _queued.Pop();

        /// <summary>The buffer that has been done for longest, to be filled anew; -1 if there is none, or if the device has another to fill:
        /// then it can make a newer frame, and the last finished one stays. Under the lock.</summary>
        internal int TakeDoneToFill()
        {
            if (_done.Count == 0 || (_done.Count == 1 && _active.Count != 0))
            {
                return -1;
            }
            VideoBuffer buffer = _buffers[_done.Pop()];
            buffer.Flags = (buffer.Flags & ~(VideoBufferFlags.Done | VideoBufferFlags.Error)) | VideoBufferFlags.Queued;
            return buffer.Index;
        }

        /// <summary>Takes a finished buffer from the device. If the device reports more bytes than it moves, the frame counts as damaged.</summary>
        /// <returns>The buffer, to be completed before <see cref="PutDone"/>; null if the device does not have it.</returns>
        internal VideoBuffer? Finish(int number, long timestamp, int bytes, bool damaged)
        {
            Enter();
            VideoBuffer? buffer = _active.Remove(number) ? _buffers[number] : null;
            if (buffer != null)
            {
                buffer.Timestamp = timestamp;
                Frames++;
                if (damaged || bytes > Layout.Moved)
                {
                    buffer.Flags |= VideoBufferFlags.Error;
                    Errors++;
                }
            }
            Leave();
            return buffer;
        }

        /// <summary>Adds a buffer that the device has finished to those that <see cref="TakeDone"/> returns.</summary>
        internal void PutDone(VideoBuffer buffer)
        {
            Enter();
            buffer.Flags = (buffer.Flags & ~VideoBufferFlags.Queued) | VideoBufferFlags.Done;
            _done.Push(buffer.Index);
            Leave();
        }

        /// <summary>The buffer that has been done for longest, the caller's now; null if there is none.</summary>
        internal VideoBuffer? TakeDone()
        {
            VideoBuffer? buffer = null;
            Enter();
            if (_done.Count > 0)
            {
                buffer = _buffers[_done.Pop()];
                buffer.Flags &= ~(VideoBufferFlags.Done | VideoBufferFlags.Queued);
            }
            Leave();
            return buffer;
        }

        /// <summary>Queues again the buffers that the device had when it stopped, in their order.</summary>
        internal void Requeue()
        {
            Enter();
            while (_active.Count > 0)
            {
                _queued.PushFront(_active.PopBack());
            }
            Leave();
        }

        /// <summary>Gives every buffer to the caller, after the device has stopped.</summary>
        internal void Return()
        {
            Enter();
            _feeding = _feedAgain = false;
            _queued.Clear();
            _active.Clear();
            _done.Clear();
            Leave();
            for (int i = 0; i < Count; i++)
            {
                VideoBuffer buffer = _buffers[i];
                buffer.Flags &= ~(VideoBufferFlags.Queued | VideoBufferFlags.Done);
                SyncForCpu(buffer);
            }
        }

        private void Free()
        {
            while (Count > 0)
            {
                VideoBuffer buffer = _buffers[--Count];
                if (Memory == VideoMemory.Mmap)
                {
                    _dma.FreeBuffer(buffer, Layout, _direction);
                }
                buffer.Place(0, 0, -1, 0);
            }
        }

        private void Enter()
        {
            if (_lock != null)
            {
                _lock.Acquire();
            }
        }

        private void Leave()
        {
            if (_lock != null)
            {
                _lock.Release();
            }
        }
    }
}
