namespace Carveout.Video
{
    /// <content>The hardware's side of a device: buffers to it, finished ones back, mostly in interrupt context.</content>
    public abstract partial class VideoDevice
    {
        /// <summary>Whether a caller is handing buffers to the hardware now, and whether another one has asked for it meanwhile.</summary>
        private bool _feeding, _feedAgain;

        /// <summary>Hands buffers to the hardware for as long as it takes any. May be called from any context. A caller that comes while
        /// another one does this leaves the rest to that one, because the hardware is never called under the lock.</summary>
        internal void Feed()
        {
            bool more = true;
            while (more)
            {
                Buffers.Enter();
                bool mine = !_feeding;
                int index = mine && State == VideoState.On && !IsRemoved ? NextIndex() : -1;
                _feedAgain = !mine;
                if (index >= 0)
                {
                    _feeding = true;
                    Buffers.Active.Push(index);
                }
                Buffers.Leave();
                if (index < 0)
                {
                    return;
                }
                VideoBuffer buffer = Buffers.At(index);
                more = Give(buffer);
                bool gone = !more && !IsPresent;
                Buffers.Enter();
                _feeding = false;
                if (!more)
                {
                    Buffers.Active.Remove(index);
                    Buffers.Queued.PushFront(index);
                    more = _feedAgain && !gone;
                }
                Buffers.Leave();
                if (gone)
                {
                    Remove();
                }
            }
        }

        /// <summary>The hardware is done with a buffer. One that says to have written more than the buffer holds has damaged it.</summary>
        /// <returns>The buffer, to be given its particulars before <see cref="Announce"/>; null where the device does not have it.</returns>
        internal VideoBuffer Finish(int number, long timestamp, int bytes, bool damaged)
        {
            Buffers.Enter();
            VideoBuffer buffer = Buffers.Active.Remove(number) ? Buffers.At(number) : null;
            if (buffer != null)
            {
                buffer.Timestamp = timestamp;
                Frames++;
                if (damaged || bytes > Buffers.Layout.Moved)
                {
                    buffer.Flags |= VideoBufferFlags.Error;
                    Errors++;
                }
            }
            Buffers.Leave();
            return buffer;
        }

        /// <summary>Puts a finished buffer where Dequeue finds it.</summary>
        internal void Announce(VideoBuffer buffer)
        {
            Buffers.PutDone(buffer);
            Feed();
            _wait.Wake();
        }

        /// <summary>The hardware is gone.</summary>
        internal void Remove()
        {
            IsRemoved = true;
            _wait.Wake();
        }

        /// <summary>Whether the hardware's frames can be of this format.</summary>
        internal abstract bool Takes(VideoFormat format);

        /// <summary>Whether a caller's number of bytes is that of a frame; 0 always is.</summary>
        internal abstract bool IsFrame(int bytesUsed);

        /// <summary>The next buffer for the hardware, taken out of where it was; -1: none. Under the lock.</summary>
        internal virtual int NextIndex()
        {
            return Buffers.Queued.Count == 0 ? -1 : Buffers.Queued.Pop();
        }

        /// <summary>Hands a buffer to the hardware.</summary>
        internal abstract bool Give(VideoBuffer buffer);

        /// <summary>Starts the hardware, where it can be started without a buffer.</summary>
        internal abstract bool Begin(bool resumes);

        /// <summary>Stops the hardware at once.</summary>
        internal abstract void Halt();

        /// <summary>What a pause does to the hardware.</summary>
        internal abstract void Hold();

        /// <summary>Lets the hardware make the calls that are due.</summary>
        internal abstract void PollHardware();
    }
}
