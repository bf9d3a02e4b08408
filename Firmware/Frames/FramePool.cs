using System;
using Carveout.Board;
using Carveout.Video;

namespace Carveout
{
    /// <summary>Frames of one format, taken once at boot, so that what a movie needs is there next month: rent one, dispose of it, rent it
    /// again.</summary>
    /// <remarks>Renting and giving back take nothing from the managed heap, and constant time. If there are DMA mappings, giving back looks
    /// for one of the frame by a binary search. Threads may share a pool.</remarks>
    public sealed class FramePool
    {
        internal const int MaxFrames = 256;

        /// <summary>The address of every frame is a multiple of so many bytes, or of a cache line if that is longer. These are two cache
        /// lines of the boards that we know, and the alignment that their DMA and display engines need for a frame buffer.</summary>
        public const int Alignment = 64;

        /// <summary>How many more objects than frames there are, so that the object of a frame that was given back does not at once stand for
        /// somebody else's frame.</summary>
        internal const int SpareHandles = 8;

        private readonly CarveoutMemory _memory;
        private readonly VideoFormat _format;
        private readonly string _name;
        private readonly bool _isReserved;

        /// <summary>The frames' addresses, and those of them that are free: the one given back last comes first.</summary>
        private readonly uint[] _frames, _free;

        /// <summary>The objects that stand for frames; those that stand for none wait in a ring, the one given back first comes first.</summary>
        private readonly FrameBuffer[] _handles, _waiting;

        private int _freeCount, _leastFree, _firstWaiting, _endOfWaiting;
        private bool _isDestroyed, _strict;

        internal FramePool(CarveoutMemory memory, string name, VideoFormat format, uint[] frames, bool isReserved)
        {
            _memory = memory;
            _name = name;
            _format = format;
            _frames = frames;
            _isReserved = isReserved;
            _free = new uint[frames.Length];
            _freeCount = frames.Length;
            _leastFree = frames.Length;
            for (int i = 0; i < frames.Length; i++)
            {
                _free[i] = frames[frames.Length - 1 - i];
            }
            _handles = new FrameBuffer[frames.Length + SpareHandles];
            _waiting = new FrameBuffer[_handles.Length];
            for (int i = 0; i < _handles.Length; i++)
            {
                _handles[i] = new FrameBuffer(memory, this, format);
                _waiting[i] = _handles[i];
            }
        }

        /// <summary>The name in messages and reports.</summary>
        public string Name { get { return _name; } }

        /// <summary>The format of every frame.</summary>
        public VideoFormat Format { get { return _format; } }

        /// <summary>Frames in all.</summary>
        public int Count { get { return _frames.Length; } }

        /// <summary>Frames that nobody has.</summary>
        public int FreeCount { get { return _freeCount; } }

        /// <summary>Frames that are rented.</summary>
        public int LiveCount { get { return _frames.Length - _freeCount; } }

        /// <summary>The most frames that were ever rented at once: more were never needed.</summary>
        public int MaxLiveCount { get { return _frames.Length - _leastFree; } }

        /// <summary>Rents that found no frame.</summary>
        public long FailureCount { get; private set; }

        /// <summary>Whether its memory was reserved in the map and no zone has it; otherwise it is pages, which the pool's name owns.</summary>
        public bool IsReserved { get { return _isReserved; } }

        /// <summary>For debugging: while it is true every rent makes a new object, which takes from the managed heap, so that a reference that was
        /// kept in spite of Dispose never becomes somebody else's frame and whatever is done with it is refused. False at first.</summary>
        public bool Strict { get { return _strict; } set { _strict = value; } }

        /// <summary>Takes a frame; what is in it is whatever its last owner left.</summary>
        /// <param name="owner">Who takes it, for the report on an empty pool. Not copied.</param>
        /// <returns>The frame; Dispose gives it back.</returns>
        /// <exception cref="InvalidOperationException">All frames are out: the message says who has them.</exception>
        /// <exception cref="ObjectDisposedException">The pool is destroyed.</exception>
        public FrameBuffer Rent(string owner)
        {
            if (!TryRent(owner, out FrameBuffer? frame))
            {
                throw new InvalidOperationException("no frame for '" + owner + "': all " + Count.ToString() + " of pool '" + _name + "' ("
                    + _format.Short() + ") are out: " + Owners());
            }
            return frame!;
        }

        /// <summary>Takes a frame, or none where all are out.</summary>
        /// <param name="owner">Who takes it. Not copied.</param>
        /// <param name="frame">The frame; null where there is none.</param>
        /// <returns>Whether there is one.</returns>
        /// <exception cref="ObjectDisposedException">The pool is destroyed.</exception>
        public bool TryRent(string owner, out FrameBuffer? frame)
        {
            if (owner == null)
            {
                throw new ArgumentNullException(nameof(owner));
            }
            lock (_memory.Gate)
            {
                if (_isDestroyed)
                {
                    throw new ObjectDisposedException("pool '" + _name + "' is destroyed: no frame for '" + owner + "'", (Exception)null);
                }
                int free = _freeCount - 1;
                if (free < 0)
                {
                    FailureCount++;
                    frame = null;
                    return false;
                }
                FrameBuffer taken = _waiting[_firstWaiting];
                if (_strict)
                {
                    taken = Successor(taken);
                }
                if (++_firstWaiting == _waiting.Length)
                {
                    _firstWaiting = 0;
                }
                _freeCount = free;
                if (free < _leastFree)
                {
                    _leastFree = free;
                }
                taken.Hold(_free[free], owner);
                frame = taken;
                return true;
            }
        }

        /// <summary>Who has frames, and how many each, in no order: "display 2, encoder 1"; "nobody" where all are free.</summary>
        /// <returns>A text without a line's end.</returns>
        public string Owners()
        {
            lock (_memory.Gate)
            {
                string text = "";
                for (int i = 0; i < _handles.Length; i++)
                {
                    FrameBuffer frame = _handles[i];
                    int all = CountOf(frame, _handles.Length);
                    if (all > 0 && CountOf(frame, i) == 0)
                    {
                        text += (text == "" ? "" : ", ") + frame.Owner + " " + all.ToString();
                    }
                }
                return text == "" ? "nobody" : text;
            }
        }

        /// <summary>Gives the memory of all frames back; the pool is of no use any more.</summary>
        /// <exception cref="InvalidOperationException">Frames are out, and the message says who has them; or a device has one, by a mapping one
        /// step below; or it was destroyed. The pool stays as it is.</exception>
        public void Destroy()
        {
            lock (_memory.Gate)
            {
                if (_isDestroyed || _freeCount < _frames.Length)
                {
                    throw new InvalidOperationException("pool '" + _name + "' cannot be destroyed: " + (_isDestroyed ? "it is already"
                        : LiveCount.ToString() + " of " + _frames.Length.ToString() + " frames are out: " + Owners()));
                }
                _memory.GiveBack(this, _frames);
                _isDestroyed = true;
            }
        }

        /// <summary>For example "pool 'camera': 3 frames of 320x240 RGB565, reserved, 2 free; display 1".</summary>
        /// <returns>A text without a line's end.</returns>
        public override string ToString() =>
            "pool '" + _name + "': " + Count.ToString() + " frames of " + _format.Short() + (_isReserved
                ? ", reserved, " : ", of pages, ") + (_isDestroyed ? "destroyed" : _freeCount.ToString() + " free; " + Owners());

        /// <summary>Takes a frame back. Called under the gate.</summary>
        internal void TakeBack(FrameBuffer frame, uint address)
        {
            // Asked here, and not in the call alone: it spares an interpreter four calls for each frame while no device has anything.
            if (_memory.Pages.HasHolds)
            {
                _memory.CheckUnmapped(address, _format.SizeImage, frame.Owner);
            }
            _free[_freeCount++] = address;
            _waiting[_endOfWaiting] = frame;
            if (++_endOfWaiting == _waiting.Length)
            {
                _endOfWaiting = 0;
            }
        }

        /// <summary>Makes a new object in place of one that must not be rented again.</summary>
        private FrameBuffer Successor(FrameBuffer frame)
        {
            var successor = new FrameBuffer(_memory, this, _format);
            int index = 0;
            while (_handles[index] != frame)
            {
                index++;
            }
            _handles[index] = successor;
            return successor;
        }

        /// <returns>How many of the first <paramref name="count"/> objects are rented by whoever rented <paramref name="frame"/>; 0 if that
        /// frame is free.</returns>
        private int CountOf(FrameBuffer frame, int count)
        {
            int found = 0;
            for (int i = 0; i < count && !frame.IsDisposed; i++)
            {
                found += !_handles[i].IsDisposed && _handles[i].Owner == frame.Owner ? 1 : 0;
            }
            return found;
        }
    }
}
