namespace Carveout.Emulator.Tests.Slab;

/// <summary>One context that uses a <see cref="SlabWorld"/>: it allocates, fills, checks what it filled, and frees.</summary>
internal sealed class SlabContext(SlabWorld world, SplitMix64 chance, int number, int most, bool isAtomic, string at)
{
    private readonly byte[] _buffer = new byte[16384];

    /// <summary>What it has: the bytes that it may write, and the cache, or null for Kmalloc.</summary>
    public List<(uint Address, int Size, KmemCache? Cache)> Live { get; } = [];

    public long Taken { get; private set; }

    public void Step()
    {
        if (Live.Count != 0 && (Live.Count >= most || chance.Below(100) < 48))
        {
            Free(chance.Below(Live.Count));
        }
        else
        {
            Alloc();
        }
    }

    public void FreeAll()
    {
        while (Live.Count != 0)
        {
            Free(Live.Count - 1);
        }
    }

    public void Free(int index)
    {
        (uint address, int size, KmemCache? cache) = Live[index];
        Live[index] = Live[^1];
        Live.RemoveAt(Live.Count - 1);
        world.Memory.Read(address, _buffer, 0, size);
        Assert.AreEqual(-1, _buffer.AsSpan(0, size).IndexOfAnyExcept(Mark(address)), $"{at}: {HexText.Of(address)} was written to");
        world.Give(address, size);
        if (cache == null)
        {
            world.Kmalloc.Kfree(address);
        }
        else
        {
            cache.Free(address);
        }
    }

    private void Alloc()
    {
        GfpFlags gfp = isAtomic ? GfpFlags.Atomic : GfpFlags.Kernel;
        int which = chance.Below(2 * world.Caches.Length), size;
        KmemCache? cache = null;
        uint address;
        bool isNamed = chance.Below(2) == 0, isZero = chance.Below(8) == 0;
        gfp |= isZero ? GfpFlags.Zero : 0;
        if (which < world.Caches.Length)
        {
            cache = world.Caches[which];
            size = cache.ObjectSize;
            address = isNamed ? cache.Alloc(gfp, world.Owner) : cache.Alloc(gfp);
        }
        else
        {
            size = 1 + chance.Below(32 << chance.Below(9));
            address = isNamed ? world.Kmalloc.Kmalloc(size, gfp, world.Owner) : world.Kmalloc.Kmalloc(size, gfp);
        }
        if (address == 0)
        {
            return;
        }
        Taken++;
        world.Take(address, size, number, at);
        if (isZero)
        {
            world.Memory.Read(address, _buffer, 0, size);
            Assert.AreEqual(-1, _buffer.AsSpan(0, size).IndexOfAnyExcept((byte)0), $"{at}: {HexText.Of(address)} is not zeroed");
        }
        world.Memory.Fill(address, size, Mark(address));
        Live.Add((address, size, cache));
    }

    private byte Mark(uint address) => (byte)(number * 37 + (address >> 3));
}
