using System;
using Carveout.Board;
using Carveout.Memory;

namespace Carveout.Video
{
    /// <summary>The buffers of one video device: the state of each, and whether CPU or device may touch its memory now.</summary>
    /// <remarks>
    /// <para>A buffer is with the caller, queued, with the device (active), or done. Each of the latter three is a ring of indices, first in,
    /// first out. Callbacks of devices move buffers between them in interrupt context, so every look at the rings is under the page
    /// allocator's lock; what takes that lock itself (allocating, mapping, syncing) happens outside it and in the program's context
    /// alone.</para>
    /// <para>Memory of the queue's own is coherent where the device has coherent memory. Elsewhere it is noncoherent: SyncForDevice when a
    /// buffer is queued, SyncForCpu when it is dequeued; a frame that is dropped or recycled in between is never synced, since no CPU looks.
    /// A caller's memory is mapped when it is queued, and unmapped when it is dequeued.</para>
    /// <para>All buffers are made with the queue: requesting them takes nothing from the managed heap.</para>
    /// </remarks>
    public sealed class VideoBufferQueue
    {
        /// <summary>The fewest buffers: one at the device, one at the caller's. mxc_v4l2_output's MIN_FRAME_NUM.</summary>
        public const int MinBuffers = 2;

        /// <summary>The most buffers: mxc_v4l2_output's MAX_FRAME_NUM.</summary>
        public const int MaxBuffers = 30;

        /// <summary>Indices, in the order in which they came.</summary>
        internal readonly IndexRing Queued = new IndexRing(MaxBuffers), Active = new IndexRing(MaxBuffers), Done = new IndexRing(MaxBuffers);

        private readonly DmaAllocator _dma;
        private readonly DmaStreaming _streaming;
        private readonly DmaDevice _device;
        private readonly DmaDirection _direction;
        private readonly AllocatorLock _lock;
        private readonly VideoBuffer[] _buffers = new VideoBuffer[MaxBuffers];
        private bool _coherent;

        internal VideoBufferQueue(DmaAllocator dma, DmaStreaming streaming, DmaDevice device, DmaDirection direction)
        {
            if (dma == null || streaming == null || device == null)
            {
                throw new ArgumentNullException(dma == null ? nameof(dma) : streaming == null ? nameof(streaming) : nameof(device));
            }
            dma.CheckDevice(device);
            _dma = dma;
            _streaming = streaming;
            _device = device;
            _direction = direction;
            _lock = dma.Lock;
            for (int i = 0; i < _buffers.Length; i++)
            {
                _buffers[i] = new VideoBuffer(this, i);
            }
        }

        /// <summary>Whose memory the buffers are.</summary>
        public VideoMemory Memory { get; private set; }

        /// <summary>Buffers that there are.</summary>
        public int Count { get; private set; }

        /// <summary>Of those, buffers that wait for the device.</summary>
        public int QueuedCount { get { return Queued.Count; } }

        /// <summary>Of those, buffers that the device has.</summary>
        public int ActiveCount { get { return Active.Count; } }

        /// <summary>Of those, buffers that wait for Dequeue; the rest is with the caller.</summary>
        public int DoneCount { get { return Done.Count; } }

        /// <summary>Bytes of each buffer of the queue's own; the least that a caller's must have.</summary>
        public int BufferSize { get; private set; }

        /// <summary>Whether the queue's own memory is coherent, so that no cache has to be maintained.</summary>
        public bool IsCoherent { get { return Count != 0 && Memory == VideoMemory.Mmap && _coherent; } }

        /// <summary>Blocks that were taken, over all requests.</summary>
        public long Allocations { get; private set; }

        /// <summary>Whom the buffers are for.</summary>
        internal DmaDevice Device { get { return _device; } }

        /// <summary>Whose memory it is.</summary>
        internal DmaAllocator Dma { get { return _dma; } }

        /// <summary>Whether the CPU looks at buffers of the queue's own; if not, they are synced once and then left alone.</summary>
        internal bool CpuLooks { get; set; } = true;

        /// <summary>Buffer <paramref name="index"/>; there is one.</summary>
        internal VideoBuffer At(int index)
        {
            return _buffers[index];
        }

        internal void Enter()
        {
            if (_lock != null)
            {
                _lock.Acquire();
            }
        }

        internal void Leave()
        {
            if (_lock != null)
            {
                _lock.Release();
            }
        }

        /// <summary>Frees what there is and takes anew. The caller has every buffer.</summary>
        /// <param name="count">0 to <see cref="MaxBuffers"/>.</param>
        /// <param name="memory">Whose.</param>
        /// <param name="size">Bytes of each.</param>
        /// <param name="transferSize">Bytes of each that the device moves.</param>
        /// <returns>False: all or nothing, so there are none now.</returns>
        internal bool Request(int count, VideoMemory memory, int size, int transferSize)
        {
            Free();
            Memory = memory;
            BufferSize = size;
            _coherent = _device.TailPolicy == DmaTail.Pool || _device.CoherentZones.Length != 0;
            if (count != 0 && memory == VideoMemory.Mmap && size > _dma.MostBytes(_device, _device.TailPolicy))
            {
                return false;
            }
            if (memory == VideoMemory.Mmap)
            {
                _dma.Pages.ExpectFrames(size);
            }
            for (int i = 0; i < count; i++)
            {
                uint address = 0, handle = 0;
                if (memory == VideoMemory.Mmap)
                {
                    address = _coherent
                        ? _dma.AllocCoherent(_device, size, GfpFlags.Kernel, out handle)
                        : _dma.AllocNoncoherent(_device, size, _direction, GfpFlags.Kernel, out handle);
                    if (address == 0)
                    {
                        Free();
                        return false;
                    }
                    Allocations++;
                }
                _buffers[i].Place(address, handle, address == 0 ? 0 : size, transferSize);
                Count = i + 1;
            }
            return true;
        }

        /// <summary>Makes a buffer of the caller's memory ready for the device.</summary>
        /// <returns>False where it cannot be mapped.</returns>
        internal bool Map(VideoBuffer buffer, uint address, int length, int transferSize)
        {
            uint handle = _streaming.MapSingle(_device, address, length, _direction);
            if (handle != 0)
            {
                buffer.Place(address, handle, length, transferSize);
                buffer.IsCpus = false;
            }
            return handle != 0;
        }

        /// <summary>Makes a buffer of another queue's own memory ready for this queue's device. If the CPU has it, the other queue first takes it
        /// from the CPU.</summary>
        /// <returns>False if it is not that queue's own memory or is too short, or if this device does not reach it or wants another
        /// alignment.</returns>
        internal bool Import(VideoBuffer buffer, VideoBuffer source, int transferSize)
        {
            uint handle = source.Handle;
            int region = _dma.Bus.FindBus(handle);
            if (source.Owner.Memory != VideoMemory.Mmap || source.Address == 0 || source.Length < transferSize || region < 0
                || !_device.Fits(handle, transferSize)
                || !_dma.Bus.Reaches(_device, region, handle - _dma.Bus.BusOffset[region], (uint)transferSize))
            {
                return false;
            }
            source.Owner.SyncForDevice(source);
            buffer.Place(source.Address, handle, source.Length, transferSize);
            return true;
        }

        /// <summary>From the CPU to the device, before it is queued.</summary>
        internal void SyncForDevice(VideoBuffer buffer)
        {
            if (Memory == VideoMemory.Mmap && !_coherent && buffer.IsCpus)
            {
                _streaming.SyncForDevice(_device, buffer.Handle, buffer.Length, _direction);
                buffer.IsCpus = false;
            }
        }

        /// <summary>From the device to the CPU, after it was dequeued.</summary>
        internal void SyncForCpu(VideoBuffer buffer)
        {
            if (Memory == VideoMemory.UserPtr && !buffer.IsCpus)
            {
                _streaming.UnmapSingle(_device, buffer.Handle, buffer.Length, _direction);
                buffer.IsCpus = true;
            }
            else if (Memory == VideoMemory.Mmap && !_coherent && !buffer.IsCpus && CpuLooks)
            {
                _streaming.SyncForCpu(_device, buffer.Handle, buffer.Length, _direction);
                buffer.IsCpus = true;
            }
        }

        /// <summary>Puts what the device has back where it was queued, in its order. Under the lock; the device has stopped.</summary>
        internal void Requeue()
        {
            while (Active.Count > 0)
            {
                Queued.PushFront(Active.PopBack());
            }
        }

        /// <summary>Gives every buffer to the caller. The device has stopped.</summary>
        internal void Return()
        {
            Enter();
            Queued.Clear();
            Active.Clear();
            Done.Clear();
            Leave();
            for (int i = 0; i < Count; i++)
            {
                VideoBuffer buffer = _buffers[i];
                buffer.Flags &= ~(VideoBufferFlags.Queued | VideoBufferFlags.Done);
                SyncForCpu(buffer);
            }
        }

        /// <summary>Finds the buffer that a device reports, under the lock.</summary>
        /// <returns>Null where the device has none at that address.</returns>
        internal VideoBuffer FindActive(uint handle)
        {
            for (int at = 0; at < Active.Count; at++)
            {
                VideoBuffer buffer = _buffers[Active.PeekAt(at)];
                if (buffer.Handle == handle)
                {
                    return buffer;
                }
            }
            return null;
        }

        private void Free()
        {
            while (Count > 0)
            {
                VideoBuffer buffer = _buffers[--Count];
                if (Memory == VideoMemory.Mmap)
                {
                    if (_coherent)
                    {
                        _dma.FreeCoherent(_device, BufferSize, buffer.Address, buffer.Handle);
                    }
                    else
                    {
                        _dma.FreeNoncoherent(_device, BufferSize, buffer.Address, buffer.Handle, _direction);
                    }
                }
                buffer.Place(0, 0, 0, 0);
            }
        }
    }
}
