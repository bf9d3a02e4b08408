using System;
using Carveout.Board;
using Carveout.Memory;

namespace Carveout.Video
{
    /// <summary>A stream of a <see cref="Contract"/>: a number of buffers of one format for one device.</summary>
    /// <remarks>Not synchronized: it belongs to the contract, which one thread declares and checks at boot.</remarks>
    public sealed class VideoStream
    {
        private readonly Contract _contract;
        private readonly BufferLayout _layout;

        /// <param name="queue">What the buffers are for, whose sizes these are; null if they hold the format and nothing else.</param>
        internal VideoStream(Contract contract, string name, DmaDevice device, VideoFormat format, int buffers, int framesPerSecond,
            VideoBufferQueue? queue)
        {
            _contract = contract;
            Name = name;
            Device = device;
            Format = format;
            Buffers = buffers;
            FramesPerSecond = framesPerSecond;
            _layout = queue != null ? queue.Layout : new BufferLayout(contract.Dma.Pages, device, format.SizeImage, 1);
            Reservation? reservation = contract.Reservation;
            int size = BufferSize, unit = device.Alignment;
            if (reservation == null)
            {
                Place = PlaceOf(device);
            }
            else
            {
                int line = contract.Dma.Bus.Line[contract.Region];
                unit = _layout.UnitBehind(line);
                if (!_layout.LayInReservation(line))
                {
                    throw new ArgumentOutOfRangeException(nameof(format), name + ": buffers of " + size.ToString()
                        + " bytes: expected at most the boundary of DMA device '" + device.Name + "', " + device.Boundary.ToString());
                }
                Place = "reservation " + reservation.Name;
            }
            int segment = device.MaxSegment < unit ? device.MaxSegment : device.MaxSegment - device.MaxSegment % unit;
            Segments = (size - 1) / segment + 1;
            if (reservation != null && !contract.Dma.Bus.Reaches(device, contract.Region, reservation.Start, reservation.Size))
            {
                // Each piece gets one slot. Runs of several slots could leave gaps that are too short for runs of other lengths.
                BounceBuffers? slots = contract.Dma.Slots;
                int slot = slots == null ? BounceBuffers.DefaultSlotSize : slots.SlotSize, piece = size < segment ? size : segment;
                PieceSize = piece < slot ? piece : slot;
                BounceBytes = (long)Contract.PiecesAtOnce * slot;
            }
        }

        /// <summary>Its name in refusals.</summary>
        public string Name { get; }

        /// <summary>The device that moves its data.</summary>
        public DmaDevice Device { get; }

        /// <summary>The format of its frames.</summary>
        public VideoFormat Format { get; }

        /// <summary>How many buffers there are.</summary>
        public int Buffers { get; }

        /// <summary>Frames in a second.</summary>
        public int FramesPerSecond { get; }

        /// <summary>Bytes that are asked for with each buffer.</summary>
        public int BufferSize { get { return _layout.Asked; } }

        /// <summary>Bytes of each buffer, rounded as it will be allocated.</summary>
        public long BufferBytes { get { return _layout.Taken; } }

        /// <summary>Bytes of all its buffers, rounded.</summary>
        public long Bytes { get { return Buffers * BufferBytes; } }

        /// <summary>Bytes of frames that it moves in a second.</summary>
        public long BytesPerSecond { get { return (long)Format.SizeImage * FramesPerSecond; } }

        /// <summary>The number of pieces into which its device cuts a buffer: descriptors, or starts of a transfer, for each frame. It cuts as <see
        /// cref="DmaStreaming.MapScatterList"/> does, at multiples of the device's alignment and, in a reservation, of a cache line.</summary>
        public int Segments { get; }

        /// <summary>Bytes of bounce buffers that it needs, in whole slots: 0 if its device reaches its buffers, and outside of
        /// reservations.</summary>
        public long BounceBytes { get; }

        /// <summary>If it needs bounce buffers, the most bytes that are mapped at once: a segment, at most a slot. Otherwise 0.</summary>
        public int PieceSize { get; }

        /// <summary>First address of its buffers in a reservation, after a check that found room; otherwise 0.</summary>
        public uint Start { get; private set; }

        /// <summary>Whether its pool has been made.</summary>
        internal bool HasPool { get; private set; }

        /// <summary>The zones that its buffers may come from, for example "DMA or NORMAL"; "pool NAME" for a pool, "no zone" if the device
        /// reaches none, "reservation NAME" for a reservation.</summary>
        public string Place { get; }

        /// <summary>Bytes that are free there after the streams before it, and before itself.</summary>
        public long FreeBytes { get; private set; }

        /// <summary>Bytes that were missing at the last check.</summary>
        public long MissingBytes { get; private set; }

        /// <summary>What it needs, as a refusal begins.</summary>
        internal string Needs =>
            Name + ": " + Buffers.ToString() + (Buffers == 1 ? " buffer of " : " buffers of ") + BufferSize.ToString()
                    + (Buffers == 1 ? " bytes needs " : " bytes need ") + Bytes.ToString() + " bytes in " + Place + ", ";

        /// <summary>Its line in <see cref="Contract.ToText"/>.</summary>
        internal string Line =>
            Name + ": " + Format.ToString() + ", " + FramesPerSecond.ToString() + " fps, " + Buffers.ToString() + " buffers of "
                    + BufferBytes.ToString() + " bytes, " + Bytes.ToString() + " in " + Place + ", " + BytesPerSecond.ToString()
                    + " bytes a second" + (Segments == 1 ? "" : ", " + Segments.ToString() + " segments a buffer")
                    + (BounceBytes == 0 ? "" : ", through " + BounceBytes.ToString() + " bytes of bounce buffers") + "\n";

        /// <summary>Why its buffers could not be taken although enough bytes were free.</summary>
        internal string WhyNotTaken()
        {
            Zone[] zones = Device.BufferZones;
            int shift = _contract.Dma.Pages.PageShift;
            long largest = 0, free = 0;
            for (int i = 0; i < zones.Length; i++)
            {
                long piece = (long)zones[i].LargestFreePages << shift;
                largest = piece > largest ? piece : largest;
                free += (long)zones[i].FreePages << shift;
            }
            return Needs + free.ToString() + " are free, in pieces of at most " + largest.ToString()
                + (largest < BufferBytes ? ": the memory is fragmented" : ": the allocator refused, or its table of blocks or of mappings is full");
        }

        /// <summary>Its part of the reservation as a pool, after a check that found room.</summary>
        internal ReservedPool NewPool()
        {
            HasPool = true;
            return new ReservedPool(Name, Start, (int)BufferBytes, Buffers);
        }

        /// <summary>Finds out what is missing in the reservation.</summary>
        /// <param name="at">Bytes of the streams before it.</param>
        /// <returns>Bytes of these and its own.</returns>
        internal long TakeFromReservation(long at)
        {
            // Alignment counts on the bus, where the device sees the buffer. Bus and CPU addresses differ by whole pages.
            Reservation reservation = _contract.Reservation!;
            long bus = (long)reservation.Start + _contract.Dma.Bus.BusOffset[_contract.Region] + at, size = reservation.Size;
            at += BufferLayout.RoundUp(bus, _layout.Alignment) - bus;
            FreeBytes = at < size ? size - at : 0;
            MissingBytes = Bytes > FreeBytes ? Bytes - FreeBytes : 0;
            Start = MissingBytes == 0 ? reservation.Start + (uint)at : 0;
            return at + Bytes;
        }

        /// <summary>Finds out what is missing in its device's pool.</summary>
        /// <param name="count">Buffers that the streams before it have left; below 0 if they have too few themselves.</param>
        internal void TakeFromPool(long count)
        {
            int size = Device.TailPool.BufferSize;
            count = count < 0 || BufferSize > size ? 0 : count;
            FreeBytes = count * size;
            MissingBytes = count >= Buffers ? 0 : Bytes - FreeBytes;
        }

        /// <summary>Finds out what is missing in the zones that its device reaches.</summary>
        /// <param name="left">By zone, the bytes that the streams before it have left; this takes its own from them.</param>
        internal void TakeFromZones(long[] left)
        {
            Zone[] zones = Device.BufferZones;
            long free = 0;
            int missing = Buffers;
            for (int i = 0; i < zones.Length; i++)
            {
                int number = NumberOf(zones[i]);
                free += left[number];
                long fit = left[number] / BufferBytes;
                fit = fit > missing ? missing : fit;
                left[number] -= fit * BufferBytes;
                missing -= (int)fit;
            }
            FreeBytes = free;
            // Each of several zones may have less than a buffer left. Then the last buffers are what is missing.
            MissingBytes = missing == 0 ? 0 : Bytes > free ? Bytes - free : missing * BufferBytes;
        }

        private static string PlaceOf(DmaDevice device)
        {
            if (device.TailPolicy == DmaTail.Pool)
            {
                return "pool " + device.TailPool.Name;
            }
            Zone[] zones = device.BufferZones;
            string place = zones.Length == 0 ? "no zone" : zones[0].Name;
            for (int i = 1; i < zones.Length; i++)
            {
                place += " or " + zones[i].Name;
            }
            return place;
        }

        private int NumberOf(Zone zone)
        {
            int number = 0;
            while (_contract.Dma.Pages.ZoneAt(number) != zone)
            {
                number++;
            }
            return number;
        }
    }
}
