using Carveout.Memory;

namespace Carveout.BareMetal
{
    /// <summary>Arm's PrimeCell single-master DMA controller, channel 0, memory to memory, in words.</summary>
    /// <remarks>Arm DDI 0218, "PrimeCell Single Master DMA Controller (PL081)". A transfer has at most 4095 words; longer ones are chains of
    /// descriptors of four words in memory: source, destination, next, control.</remarks>
    internal sealed class Pl081
    {
        /// <summary>Bytes of a descriptor, and the most bytes that one descriptor moves.</summary>
        internal const int DescriptorSize = 16, LargestTransfer = 4095 * 4;

        private const uint TerminalCountClear = 0x008, ErrorClear = 0x010, RawTerminalCount = 0x014, RawError = 0x018, Configuration = 0x030;
        private const uint ChannelSource = 0x100, ChannelDestination = 0x104, ChannelNext = 0x108, ChannelControl = 0x10C,
            ChannelConfiguration = 0x110;

        /// <summary>Bits of the control word: words at both ends; both addresses going up; an interrupt at the end.</summary>
        private const uint Words = 2 << 18 | 2 << 21, Increment = 1 << 26 | 1 << 27, InterruptAtEnd = 1u << 31;
        private const uint Channel0 = 1, ChannelEnable = 1, ErrorInterrupt = 1 << 14, TerminalCountInterrupt = 1 << 15;

        private readonly uint _registers;

        /// <param name="registers">The address of the controller's registers.</param>
        internal Pl081(uint registers)
        {
            _registers = registers;
            Register.Write(registers + Configuration, 1);
            Acknowledge();
        }

        /// <summary>Whether the last transfer has ended.</summary>
        internal bool IsDone { get { return (Register.Read(_registers + RawTerminalCount) & Channel0) != 0; } }

        /// <summary>Whether the bus has refused an access.</summary>
        internal bool HasFailed { get { return (Register.Read(_registers + RawError) & Channel0) != 0; } }

        /// <summary>Clears the end of the last transfer, and its interrupt.</summary>
        internal void Acknowledge()
        {
            Register.Write(_registers + TerminalCountClear, Channel0);
            Register.Write(_registers + ErrorClear, Channel0);
        }

        /// <summary>Begins one transfer.</summary>
        /// <param name="source">A multiple of 4.</param>
        /// <param name="destination">A multiple of 4.</param>
        /// <param name="size">Bytes: a multiple of 4, at most <see cref="LargestTransfer"/>.</param>
        internal void Start(uint source, uint destination, int size)
        {
            Begin(source, destination, 0, Words | Increment | InterruptAtEnd | (uint)size >> 2);
        }

        /// <summary>Begins the transfer of scattered memory to one place.</summary>
        /// <param name="sources">Built with a maximum of <see cref="LargestTransfer"/> and an alignment of 4.</param>
        /// <param name="destination">A multiple of 4.</param>
        /// <param name="table">Memory for the controller's descriptors: <see cref="DescriptorSize"/> bytes for each of the sources.</param>
        internal void Start(DescriptorChain sources, uint destination, uint table)
        {
            uint at = table;
            for (int i = 0; i < sources.Count; i++)
            {
                bool last = i == sources.Count - 1;
                Register.Write(at, sources.AddressAt(i));
                Register.Write(at + 4, destination);
                Register.Write(at + 8, last ? 0 : at + DescriptorSize);
                Register.Write(at + 12, Words | Increment | (last ? InterruptAtEnd : 0) | (uint)sources.LengthAt(i) >> 2);
                destination += (uint)sources.LengthAt(i);
                at += DescriptorSize;
            }
            Begin(Register.Read(table), Register.Read(table + 4), Register.Read(table + 8), Register.Read(table + 12));
        }

        private void Begin(uint source, uint destination, uint next, uint control)
        {
            Register.Write(_registers + ChannelSource, source);
            Register.Write(_registers + ChannelDestination, destination);
            Register.Write(_registers + ChannelNext, next);
            Register.Write(_registers + ChannelControl, control);
            Register.Write(_registers + ChannelConfiguration, ChannelEnable | ErrorInterrupt | TerminalCountInterrupt);
            // QEMU's controller updates its interrupt line only when one of its global registers is written.
            Register.Write(_registers + TerminalCountClear, 0);
        }
    }
}
