using Carveout.Board;

namespace Carveout.Memory
{
    /// <summary>Finds the first byte of a span that is not what the span was filled with.</summary>
    /// <remarks>One buffer serves every check, so callers that share a check hold the allocator's lock during a call. A call checks at most
    /// <see cref="Chunk"/> bytes, which keeps it short. Nothing is allocated after construction.</remarks>
    internal sealed class PatternCheck
    {
        internal const int Chunk = 128;

        private readonly PhysicalMemory _memory;
        private readonly byte[] _buffer = new byte[Chunk];

        internal PatternCheck(PhysicalMemory memory) => _memory = memory;

        /// <summary>The offset of the first byte that is not <paramref name="value"/>, or -1.</summary>
        /// <param name="length">0 to <see cref="Chunk"/> bytes.</param>
        /// <param name="value">The byte that they were filled with.</param>
        internal int FirstOther(uint address, int length, byte value)
        {
            byte[] buffer = _buffer;
            _memory.Read(address, buffer, 0, length);
            for (int i = 0; i < length; i++)
            {
                if (buffer[i] != value)
                {
                    return i;
                }
            }
            return -1;
        }

        /// <summary>Up to 8 bytes in the form that a finding keeps: the first one in the lowest eight bits.</summary>
        internal ulong Bytes(uint address, int length)
        {
            byte[] buffer = _buffer;
            _memory.Read(address, buffer, 0, length);
            ulong bytes = 0;
            for (int i = length - 1; i >= 0; i--)
            {
                bytes = (bytes << 8) | buffer[i];
            }
            return bytes;
        }
    }
}
