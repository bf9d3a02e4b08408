namespace Carveout.Video
{
    /// <content>The part of a device that deals with the hardware: it hands over buffers and takes finished ones back, mostly in interrupt
    /// context.</content>
    public abstract partial class VideoDevice
    {
        /// <summary>Whether a context is handing buffers to the hardware now, and whether another one has asked for that
        /// meanwhile.</summary>
        private bool _feeding, _feedAgain;

        /// <summary>Hands buffers to the hardware for as long as it takes any. May be called in any context. If another context does this
        /// already, the call leaves the rest to it, because the hardware is never called under the lock.</summary>
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

        /// <summary>Takes a finished buffer from the hardware. If the hardware reports more bytes than the buffer holds, the buffer counts
        /// as damaged.</summary>
        /// <returns>The buffer, to be completed before <see cref="Announce"/>; null if the device does not have it.</returns>
        internal VideoBuffer? Finish(int number, long timestamp, int bytes, bool damaged)
        {
            Buffers.Enter();
            VideoBuffer? buffer = Buffers.Active.Remove(number) ? Buffers.At(number) : null;
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

        /// <summary>Makes a finished buffer available to Dequeue.</summary>
        internal void Announce(VideoBuffer buffer)
        {
            Buffers.PutDone(buffer);
            Feed();
            _wait.Wake();
        }

        /// <summary>Notes that the hardware was unplugged.</summary>
        internal void Remove()
        {
            IsRemoved = true;
            _wait.Wake();
        }

        /// <summary>Whether the hardware's frames fit this format.</summary>
        internal abstract bool Takes(VideoFormat format);

        /// <summary>Whether a caller's number of bytes is a frame's; 0 always is.</summary>
        internal abstract bool IsFrame(int bytesUsed);

        /// <summary>Takes the next buffer for the hardware from its ring; -1 if there is none. Under the lock.</summary>
        internal virtual int NextIndex()
        {
            return Buffers.Queued.Count == 0 ? -1 : Buffers.Queued.Pop();
        }

        /// <summary>Hands a buffer to the hardware.</summary>
        internal abstract bool Give(VideoBuffer buffer);

        /// <summary>Starts the hardware, if it can be started without a buffer.</summary>
        internal abstract bool Begin(bool resumes);

        /// <summary>Stops the hardware at once.</summary>
        internal abstract void Halt();

        /// <summary>Pauses the hardware.</summary>
        internal abstract void Hold();

        /// <summary>Lets the hardware make the callbacks that are due.</summary>
        internal abstract void PollHardware();
    }
}
