namespace Carveout.Emulator.Replay;

/// <summary>One way of serving a trace's requests.</summary>
internal abstract class TraceDoor
{
    /// <summary>Whether it serves a request.</summary>
    public abstract bool Takes(TraceOperation request);

    /// <summary>Serves a request for which <see cref="Takes"/> is true.</summary>
    /// <param name="request">The request.</param>
    /// <param name="owner">Who asks.</param>
    /// <param name="size">Bytes of the block.</param>
    /// <returns>The block's address; 0 if there is no memory.</returns>
    public abstract uint Alloc(TraceOperation request, PageOwner owner, out int size);

    /// <summary>Frees a block.</summary>
    /// <param name="slot">Its slot among the live blocks.</param>
    /// <param name="address">The address at which it was allocated.</param>
    public abstract void Free(int slot, uint address);

    /// <summary>Where a block lies now.</summary>
    /// <param name="slot">Its slot among the live blocks.</param>
    /// <param name="address">The address at which it was allocated.</param>
    public virtual uint AddressOf(int slot, uint address) => address;

    /// <summary>Gives back the tail of a block, if this door and the policy do so.</summary>
    /// <param name="address">Where the block lies now.</param>
    /// <param name="held">Bytes that it has.</param>
    /// <param name="size">Bytes that are still wanted.</param>
    /// <returns>Bytes that it has now; <paramref name="held"/> if nothing was given back.</returns>
    public virtual int Trim(uint address, int held, int size) => held;
}
