using System;

namespace Carveout.Board.Devices
{
    /// <summary>An engine that moves bytes between memory and memory, or memory and a peripheral, beside the CPU.</summary>
    /// <remarks>
    /// <para>It works on bus addresses and on memory as it is behind the CPU's data cache: whoever starts a transfer has cleaned the lines of
    /// its source before, and discards those of its destination before the CPU looks.</para>
    /// <para>A chain is two arrays, addresses and lengths in bytes, read while the transfer runs, as hardware reads descriptors: they, and the
    /// memory they name, are the engine's until the completion is called. Every transfer that was started ends in exactly one call of its
    /// <see cref="DmaCompletion"/>, in interrupt context, and its channel is busy until that call begins. A call that throws has started
    /// nothing and changed nothing.</para>
    /// </remarks>
    public abstract class DmaController
    {
        /// <summary>Describes a controller.</summary>
        /// <param name="name">The name in reports.</param>
        /// <param name="engine">Which of the board's engines it is: what <see cref="MemoryRegion.Dma"/> is asked for.</param>
        /// <param name="channels">Transfers that can run at once, above 0.</param>
        /// <param name="maxDescriptorLength">The most bytes of one descriptor, a multiple of <paramref name="alignment"/>: 4092 on ESP32, 65,535
        /// beats on STM32.</param>
        /// <param name="alignment">Bytes, a power of two, that addresses and lengths are multiples of.</param>
        /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
        protected DmaController(string name, DmaEngines engine, int channels, int maxDescriptorLength, int alignment)
        {
            if (name == null)
            {
                throw new ArgumentNullException(nameof(name));
            }
            if (channels < 1)
            {
                throw new ArgumentOutOfRangeException(nameof(channels), name + ": " + channels.ToString() + " channels: expected at least 1");
            }
            if (alignment < 1 || (alignment & (alignment - 1)) != 0)
            {
                throw new ArgumentOutOfRangeException(nameof(alignment), name + ": " + alignment.ToString() + ": expected a power of two");
            }
            if (maxDescriptorLength < alignment || maxDescriptorLength % alignment != 0)
            {
                throw new ArgumentOutOfRangeException(nameof(maxDescriptorLength), name + ": " + maxDescriptorLength.ToString()
                    + " bytes a descriptor: expected a multiple of " + alignment.ToString() + ", not 0");
            }
            Name = name;
            Engine = engine;
            Channels = channels;
            MaxDescriptorLength = maxDescriptorLength;
            Alignment = alignment;
        }

        /// <summary>The name in reports.</summary>
        public string Name { get; }

        /// <summary>Which of the board's engines it is.</summary>
        public DmaEngines Engine { get; }

        /// <summary>Transfers that can run at once; they are numbered from 0.</summary>
        public int Channels { get; }

        /// <summary>The most bytes of one descriptor.</summary>
        public int MaxDescriptorLength { get; }

        /// <summary>Bytes that addresses and lengths are multiples of.</summary>
        public int Alignment { get; }

        /// <summary>Starts to copy memory to memory; the chains need not be cut alike.</summary>
        /// <param name="channel">A channel that is not busy.</param>
        /// <param name="sources">Bus addresses to read.</param>
        /// <param name="sourceLengths">Their bytes.</param>
        /// <param name="sourceCount">Descriptors to read.</param>
        /// <param name="destinations">Bus addresses to write; where they overlap the sources, what arrives is undefined.</param>
        /// <param name="destinationLengths">Their bytes, as many in all.</param>
        /// <param name="destinationCount">Descriptors to write.</param>
        /// <param name="completion">Told when it is over.</param>
        /// <exception cref="ArgumentNullException">An array or the completion is null.</exception>
        /// <exception cref="ArgumentException">The channel is none, a descriptor is none, or the chains differ in bytes.</exception>
        /// <exception cref="InvalidOperationException">The channel is busy.</exception>
        public void StartCopy(int channel, uint[] sources, int[] sourceLengths, int sourceCount, uint[] destinations,
            int[] destinationLengths, int destinationCount, DmaCompletion completion)
        {
            CheckStart(channel, completion);
            int total = Descriptors.Check(Name, sources, sourceLengths, sourceCount, MaxDescriptorLength, Alignment);
            int room = Descriptors.Check(Name, destinations, destinationLengths, destinationCount, MaxDescriptorLength, Alignment);
            if (total != room)
            {
                throw new ArgumentException(Name + ": " + total.ToString() + " bytes from " + HexText.Of(sources[0]) + " to "
                    + room.ToString() + " bytes at " + HexText.Of(destinations[0]) + ": expected as many", nameof(destinationLengths));
            }
            BeginCopy(channel, sources, sourceLengths, sourceCount, destinations, destinationLengths, destinationCount, total, completion);
        }

        /// <summary>Starts to feed a peripheral from memory, at the peripheral's pace.</summary>
        /// <param name="channel">A channel that is not busy.</param>
        /// <param name="request">The peripheral's request line, as the board numbers them.</param>
        /// <param name="addresses">Bus addresses to read.</param>
        /// <param name="lengths">Their bytes.</param>
        /// <param name="count">Descriptors.</param>
        /// <param name="completion">Told when it is over.</param>
        /// <exception cref="ArgumentNullException">An array or the completion is null.</exception>
        /// <exception cref="ArgumentException">The channel, the request line or a descriptor is none.</exception>
        /// <exception cref="InvalidOperationException">The channel is busy.</exception>
        public void StartToDevice(int channel, int request, uint[] addresses, int[] lengths, int count, DmaCompletion completion)
        {
            StartDevice(channel, request, true, addresses, lengths, count, completion);
        }

        /// <summary>Starts to fill memory from a peripheral, at the peripheral's pace. Parameters and failures are those of
        /// <see cref="StartToDevice"/>.</summary>
        /// <param name="channel">A channel that is not busy.</param>
        /// <param name="request">The peripheral's request line, as the board numbers them.</param>
        /// <param name="addresses">Bus addresses to write.</param>
        /// <param name="lengths">Their bytes.</param>
        /// <param name="count">Descriptors.</param>
        /// <param name="completion">Told when it is over.</param>
        /// <exception cref="ArgumentNullException">An array or the completion is null.</exception>
        /// <exception cref="ArgumentException">The channel, the request line or a descriptor is none.</exception>
        /// <exception cref="InvalidOperationException">The channel is busy.</exception>
        public void StartFromDevice(int channel, int request, uint[] addresses, int[] lengths, int count, DmaCompletion completion)
        {
            StartDevice(channel, request, false, addresses, lengths, count, completion);
        }

        /// <summary>Ends a transfer. When this returns the engine touches none of its memory any more; the completion is called as ever, with
        /// <see cref="DmaResult.Aborted"/>. Of a transfer that is over already, and of an idle channel, there is nothing to end.</summary>
        /// <param name="channel">0 to <see cref="Channels"/> - 1.</param>
        /// <exception cref="ArgumentOutOfRangeException">The channel is none.</exception>
        public void Abort(int channel)
        {
            CheckChannel(channel);
            End(channel);
        }

        /// <summary>Whether a transfer was started whose completion has not been called yet.</summary>
        /// <param name="channel">0 to <see cref="Channels"/> - 1.</param>
        /// <returns>True from the start of a transfer until its completion is called.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The channel is none.</exception>
        public bool IsBusy(int channel)
        {
            CheckChannel(channel);
            return Busy(channel);
        }

        /// <summary>Calls, in the caller's context, the completions of transfers that are over: what a driver does when an interrupt that it
        /// waited for did not come.</summary>
        public abstract void Poll();

        /// <summary>Starts a copy whose parameters have been checked.</summary>
        /// <param name="channel">One that exists and is idle.</param>
        /// <param name="sources">Bus addresses to read. No array is kept: all are the caller's again on return.</param>
        /// <param name="sourceLengths">Their bytes.</param>
        /// <param name="sourceCount">Descriptors to read, 1 or more.</param>
        /// <param name="destinations">Bus addresses to write.</param>
        /// <param name="destinationLengths">Their bytes.</param>
        /// <param name="destinationCount">Descriptors to write, 1 or more.</param>
        /// <param name="total">Bytes of either chain.</param>
        /// <param name="completion">Told when it is over; not null.</param>
        protected abstract void BeginCopy(int channel, uint[] sources, int[] sourceLengths, int sourceCount, uint[] destinations,
            int[] destinationLengths, int destinationCount, int total, DmaCompletion completion);

        /// <summary>Starts a device transfer whose parameters have been checked.</summary>
        /// <param name="channel">One that exists and is idle.</param>
        /// <param name="request">A request line with a peripheral on it.</param>
        /// <param name="toDevice">True: memory is read; false: it is written.</param>
        /// <param name="addresses">Bus addresses. Not kept: the arrays are the caller's again on return.</param>
        /// <param name="lengths">Their bytes.</param>
        /// <param name="count">Descriptors, 1 or more.</param>
        /// <param name="total">Bytes of the chain.</param>
        /// <param name="completion">Told when it is over; not null.</param>
        protected abstract void BeginDevice(int channel, int request, bool toDevice, uint[] addresses, int[] lengths, int count, int total,
            DmaCompletion completion);

        /// <summary>Whether there is a peripheral on a request line.</summary>
        /// <param name="request">Any number.</param>
        /// <returns>False where nothing is connected to it.</returns>
        protected abstract bool HasRequest(int request);

        /// <summary>See <see cref="Abort"/>; the channel exists.</summary>
        /// <param name="channel">0 to <see cref="Channels"/> - 1.</param>
        protected abstract void End(int channel);

        /// <summary>See <see cref="IsBusy"/>; the channel exists.</summary>
        /// <param name="channel">0 to <see cref="Channels"/> - 1.</param>
        /// <returns>True from the start of a transfer until its completion is called.</returns>
        protected abstract bool Busy(int channel);

        private void StartDevice(int channel, int request, bool toDevice, uint[] addresses, int[] lengths, int count, DmaCompletion completion)
        {
            CheckStart(channel, completion);
            if (!HasRequest(request))
            {
                throw new ArgumentOutOfRangeException(nameof(request), Name + ": nothing is on request line " + request.ToString());
            }
            int total = Descriptors.Check(Name, addresses, lengths, count, MaxDescriptorLength, Alignment);
            BeginDevice(channel, request, toDevice, addresses, lengths, count, total, completion);
        }

        private void CheckStart(int channel, DmaCompletion completion)
        {
            CheckChannel(channel);
            if (completion == null)
            {
                throw new ArgumentNullException(nameof(completion));
            }
            if (Busy(channel))
            {
                throw new InvalidOperationException(Name + ": channel " + channel.ToString()
                    + " is busy; expected its completion, or an abort, before the next start");
            }
        }

        private void CheckChannel(int channel)
        {
            if (channel < 0 || channel >= Channels)
            {
                throw new ArgumentOutOfRangeException(nameof(channel), Name + ": channel " + channel.ToString() + ": expected 0 to "
                    + (Channels - 1).ToString());
            }
        }
    }
}
