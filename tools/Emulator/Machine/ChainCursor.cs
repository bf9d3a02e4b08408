namespace Carveout.Emulator.Machine;

/// <summary>Where a device stands in a chain of descriptors.</summary>
internal struct ChainCursor
{
    private uint[] _addresses;
    private int[] _lengths;
    private int _index, _offset;

    /// <summary>Goes to the start of a chain.</summary>
    public void Start(uint[] addresses, int[] lengths)
    {
        (_addresses, _lengths, _index, _offset) = (addresses, lengths, 0, 0);
    }

    /// <summary>The bus address of the next byte.</summary>
    public readonly uint Address => _addresses[_index] + (uint)_offset;

    /// <summary>Bytes that are left of the descriptor.</summary>
    public readonly int Left => _lengths[_index] - _offset;

    /// <summary>Goes on by at most <see cref="Left"/> bytes.</summary>
    public void Advance(int bytes)
    {
        _offset += bytes;
        if (_offset == _lengths[_index])
        {
            _index++;
            _offset = 0;
        }
    }

    /// <summary>Reads on from memory.</summary>
    /// <returns>False where the engine does not reach the memory: what was read before stays read.</returns>
    public bool Read(DmaPort port, Span<byte> to)
    {
        while (to.Length > 0)
        {
            int piece = Math.Min(Left, to.Length);
            if (!port.Reaches(Address, piece))
            {
                return false;
            }
            port.Read(Address, to[..piece]);
            Advance(piece);
            to = to[piece..];
        }
        return true;
    }

    /// <summary>Writes on to memory.</summary>
    /// <returns>False where the engine does not reach the memory: what was written before stays written.</returns>
    public bool Write(DmaPort port, ReadOnlySpan<byte> from)
    {
        while (from.Length > 0)
        {
            int piece = Math.Min(Left, from.Length);
            if (!port.Reaches(Address, piece))
            {
                return false;
            }
            port.Write(Address, from[..piece]);
            Advance(piece);
            from = from[piece..];
        }
        return true;
    }
}
