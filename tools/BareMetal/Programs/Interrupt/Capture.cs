using Carveout.Memory;

namespace Carveout.BareMetal
{
    /// <summary>A camera that delivers a frame of one page by DMA at random times. It runs in interrupt handlers only.</summary>
    internal sealed class Capture
    {
        private const int FrameSize = 4096, FrameOrder = 0, Kept = 8;

        /// <summary>At 20 MHz and 2^10 ns an instruction, 20.48 ticks are one instruction: an interrupt every 1,000 to 4,000
        /// instructions.</summary>
        private const int ShortestTicks = 20480, SpreadTicks = 61440;

        private readonly PageAllocator _pages;
        private readonly Pl081 _dma;
        private readonly Xorshift _random = new Xorshift(505);
        private readonly PageOwner _owner;
        private readonly uint _sensor;

        /// <summary>The last frames, the oldest at <see cref="_oldest"/>; 0 if there is none.</summary>
        private readonly uint[] _kept = new uint[Kept];
        private int _oldest;

        /// <summary>The target of the transfer under way; 0 if there is none.</summary>
        private uint _target;
        private uint _sequence;

        internal Capture(PageAllocator pages, Pl081 dma)
        {
            _pages = pages;
            _dma = dma;
            _owner = pages.RegisterOwner("capture");
            _sensor = pages.AllocPages(GfpFlags.Dma, FrameOrder, _owner);
            for (uint offset = 0; offset < FrameSize; offset += 4)
            {
                Register.Write(_sensor + offset, Pixel(offset));
            }
        }

        internal int Interrupts { get; private set; }

        internal int Frames { get; private set; }

        /// <summary>How many frames were not captured because the previous one had not been fetched.</summary>
        internal int Overruns { get; private set; }

        /// <summary>How many frames were not captured because there was no memory.</summary>
        internal int Refused { get; private set; }

        /// <summary>How many frames did not have the sensor's content, when they arrived or when they were freed.</summary>
        internal int Wrong { get; private set; }

        /// <summary>Ticks until the next frame.</summary>
        internal uint NextMoment()
        {
            return (uint)(ShortestTicks + _random.Below(SpreadTicks));
        }

        /// <summary>The timer's handler: begins a transfer into a new page, if there is one.</summary>
        internal void Start()
        {
            if (_target != 0)
            {
                // If both interrupts are pending, the timer's is served first.
                Overruns++;
                return;
            }
            _target = _pages.AllocPages(GfpFlags.Dma | GfpFlags.Atomic, FrameOrder, _owner);
            if (_target == 0)
            {
                Refused++;
                return;
            }
            Register.Write(_sensor, ++_sequence);
            _dma.Start(_sensor, _target, FrameSize);
        }

        /// <summary>The controller's handler: keeps the new frame and frees the oldest.</summary>
        internal void Complete()
        {
            Interrupts++;
            if (!_dma.IsDone || _dma.HasFailed)
            {
                Wrong++;
            }
            _dma.Acknowledge();
            Frames++;
            if (!IsFrame(_target, _sequence))
            {
                Wrong++;
            }
            Release(_oldest);
            _kept[_oldest] = _target;
            _target = 0;
            _oldest = (_oldest + 1) % Kept;
        }

        /// <summary>Frees everything. With interrupts stopped.</summary>
        internal void Drain()
        {
            for (int i = 0; i < Kept; i++)
            {
                Release(i);
            }
            _pages.FreePages(_sensor);
        }

        private void Release(int index)
        {
            uint frame = _kept[index];
            if (frame == 0)
            {
                return;
            }
            if (!IsFrame(frame, Register.Read(frame)))
            {
                Wrong++;
            }
            _kept[index] = 0;
            _pages.FreePages(frame, FrameOrder);
        }

        /// <summary>Checks every 16th word; the first is the frame's number.</summary>
        private static bool IsFrame(uint frame, uint sequence)
        {
            if (Register.Read(frame) != sequence)
            {
                return false;
            }
            for (uint offset = 64; offset < FrameSize; offset += 64)
            {
                if (Register.Read(frame + offset) != Pixel(offset))
                {
                    return false;
                }
            }
            return true;
        }

        private static uint Pixel(uint offset)
        {
            return offset * 2654435761;
        }
    }
}
