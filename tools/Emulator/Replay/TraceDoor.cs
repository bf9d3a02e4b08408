namespace Carveout.Emulator.Replay;

/// <summary>One way for a trace's requests to get memory.</summary>
internal abstract class TraceDoor
{
    /// <summary>Whether a request comes this way.</summary>
    public abstract bool Takes(TraceOperation request);

    /// <summary>Serves a request that comes this way.</summary>
    /// <param name="request">The request.</param>
    /// <param name="owner">Who asks.</param>
    /// <param name="size">Bytes of the block that it got.</param>
    /// <returns>The block's address; 0 where there is no memory.</returns>
    public abstract uint Alloc(TraceOperation request, PageOwner owner, out int size);

    /// <summary>Frees a block.</summary>
    /// <param name="slot">Its place among the live blocks.</param>
    /// <param name="address">Where it lay when it was allocated.</param>
    public abstract void Free(int slot, uint address);

    /// <summary>Where a block lies now.</summary>
    /// <param name="slot">Its place among the live blocks.</param>
    /// <param name="address">Where it lay when it was allocated.</param>
    public virtual uint AddressOf(int slot, uint address) => address;

    /// <summary>Gives the tail of a block back, where this way and the policy give tails back.</summary>
    /// <param name="address">Where the block lies now.</param>
    /// <param name="held">Bytes that it has.</param>
    /// <param name="size">Bytes that stay asked for.</param>
    /// <returns>Bytes that it has now; <paramref name="held"/> where nothing went back.</returns>
    public virtual int Trim(uint address, int held, int size) => held;
}
