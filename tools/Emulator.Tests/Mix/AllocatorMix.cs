using Carveout.Emulator.Tests.Properties;

namespace Carveout.Emulator.Tests.Mix;

/// <summary>Clients of every allocator on one board, with a mirror that records who has which bytes and what they wrote there.</summary>
/// <remarks>Nothing is allocated from the managed heap by <see cref="Step"/> and <see cref="FreeAll"/>.</remarks>
internal sealed class AllocatorMix
{
    public const int MostItems = 160;

    private const int Granule = 8, Largest = 24 * MixBoard.PageSize;
    private static readonly MixKind[] s_kinds = Enum.GetValues<MixKind>();

    private readonly MixBoard _board;
    private readonly PropertyRun _run;
    private readonly MixItem[] _items = new MixItem[MostItems];

    /// <summary>By eight bytes of the board: the number of the item that has them, plus 1.</summary>
    private readonly short[] _owners = new short[MixBoard.Size / Granule];

    private readonly byte[] _pattern = new byte[Largest + 256], _scratch = new byte[Largest];

    public AllocatorMix(MixBoard board, PropertyRun run)
    {
        _board = board;
        _run = run;
        for (int i = 0; i < MostItems; i++)
        {
            _items[i] = new MixItem();
        }
        for (int i = 0; i < _pattern.Length; i++)
        {
            _pattern[i] = (byte)run.Random.Next();
        }
    }

    /// <summary>Allocations that succeeded, by kind.</summary>
    public long[] Taken { get; } = new long[s_kinds.Length];

    /// <summary>Counts of allocations that returned 0, moves, trims, mappings, and mappings that bounced.</summary>
    public long Failed { get; private set; }

    public long Moved { get; private set; }

    public long Trimmed { get; private set; }

    public long Mapped { get; private set; }

    public long Bounced { get; private set; }

    /// <summary>A random client that has something; null if none is found.</summary>
    public MixItem? Draw()
    {
        MixItem item = _items[_run.Random.Below(MostItems)];
        return item.Kind == MixKind.None ? null : item;
    }

    /// <summary>Whether a client has one of the eight bytes at a physical address.</summary>
    public bool IsTaken(uint address) => address - MixBoard.Start < MixBoard.Size && _owners[(address - MixBoard.Start) / Granule] != 0;

    /// <summary>Lets one client do something.</summary>
    public void Step()
    {
        int number = _run.Random.Below(MostItems), draw = _run.Random.Below(100);
        MixItem item = _items[number];
        if (item.Kind == MixKind.None)
        {
            Take(item, number);
            return;
        }
        if (item.Mapping != 0)
        {
            Unmap(item);
        }
        Check(item);
        if (item.Kind == MixKind.Kmalloc && draw < 30)
        {
            Move(item, number);
        }
        else if (item.Kind == MixKind.Pages && draw < 20 && item.Size > MixBoard.PageSize)
        {
            Trim(item, number);
        }
        else if (item.IsStreamable && draw < 55)
        {
            Map(item);
        }
        else
        {
            Free(item, number);
        }
    }

    /// <summary>Every client checks what it wrote, and frees what it has.</summary>
    public void FreeAll()
    {
        for (int number = 0; number < MostItems; number++)
        {
            MixItem item = _items[number];
            if (item.Kind != MixKind.None)
            {
                if (item.Mapping != 0)
                {
                    Unmap(item);
                }
                Check(item);
                Free(item, number);
            }
        }
    }

    private void Take(MixItem item, int number)
    {
        MixKind kind = s_kinds[1 + _run.Random.Below(s_kinds.Length - 1)];
        GfpFlags gfp = Flags();
        int owner = _run.Random.Below(MixBoard.Owners), order = _run.Random.Below(4);
        int small = 1 + _run.Random.Below(600), large = 1 + _run.Random.Below(_run.Chance(10) ? Largest : 5 * MixBoard.PageSize);
        uint address = 0, handle = 0;
        int size = large;
        switch (kind)
        {
            case MixKind.Pages:
                size = MixBoard.PageSize << order;
                address = _board.Pages.AllocPages(gfp, order, (PageOwner)owner);
                break;
            case MixKind.Bytes:
                address = _board.Pages.AllocBlock(size, gfp, (PageOwner)owner);
                break;
            case MixKind.Exact:
                address = _board.Pages.AllocPagesExact(size, gfp, (PageOwner)owner, MixBoard.PageSize << _run.Random.Below(3));
                break;
            case MixKind.Object:
                size = _board.Objects.ObjectSize;
                address = _run.Chance(50) ? _board.Objects.Alloc(gfp) : _board.Objects.Alloc(gfp, (PageOwner)owner);
                break;
            case MixKind.Constructed:
                size = _board.Constructed.ObjectSize - MixBoard.ConstructedBytes;
                gfp &= ~GfpFlags.Zero;
                address = _board.Constructed.Alloc(gfp);
                address += address == 0 ? 0u : MixBoard.ConstructedBytes;
                break;
            case MixKind.Kmalloc:
                size = _run.Chance(80) ? small : 1 + _run.Random.Below(8 * MixBoard.PageSize);
                address = _run.Chance(50) ? _board.Kmalloc.Kmalloc(size, gfp) : _board.Kmalloc.Kmalloc(size, gfp, (PageOwner)owner);
                break;
            case MixKind.Vmalloc:
                address = _board.Space.Alloc(size, gfp, (PageOwner)owner);
                break;
            case MixKind.Coherent:
                address = _board.Dma.AllocCoherent(_board.Camera, size, gfp, out handle);
                break;
            case MixKind.Noncoherent:
                address = _board.Dma.AllocNoncoherent(_board.Camera, size, DmaDirection.ToDevice, gfp, out handle);
                break;
            case MixKind.Pooled:
                size = 1 + _run.Random.Below(2048);
                address = _board.Dma.AllocCoherent(_board.Display, size, gfp, out handle);
                break;
            case MixKind.Descriptor:
                size = _board.Descriptors.ObjectSize;
                address = _board.Descriptors.Alloc(gfp, out handle);
                break;
            case MixKind.Element:
                size = _board.Reserve.ElementSize;
                address = _board.Reserve.Alloc(gfp);
                break;
            case MixKind.PageElement:
                size = _board.PageReserve.ElementSize;
                address = _board.PageReserve.Alloc(gfp);
                break;
            default:
                size = small;
                address = Remap(size, (PageOwner)owner, out handle);
                gfp &= ~GfpFlags.Zero;
                break;
        }
        if (address == 0)
        {
            Failed++;
            return;
        }
        Taken[(int)kind]++;
        item.Kind = kind;
        item.Address = address;
        item.Size = size;
        item.Handle = handle;
        Mark(item, 0, (short)(number + 1));
        if ((gfp & GfpFlags.Zero) != 0)
        {
            Read(item);
            _run.Expect(!_scratch.AsSpan(0, size).ContainsAnyExcept((byte)0), "zeroed memory is zero");
        }
        Fill(item);
    }

    private GfpFlags Flags()
    {
        GfpFlags gfp = _run.Chance(25) ? GfpFlags.Zero : GfpFlags.Kernel;
        gfp |= _run.Chance(15) ? GfpFlags.Atomic : GfpFlags.Kernel;
        gfp |= _run.Chance(15) ? GfpFlags.NoRetry : GfpFlags.Kernel;
        return gfp | (_run.Chance(30) ? GfpFlags.Dma : GfpFlags.Kernel);
    }

    private uint Remap(int size, PageOwner owner, out uint physical)
    {
        physical = MixBoard.Frames + (uint)(_run.Random.Below((MixBoard.FramesSize - size) / Granule) * Granule);
        for (uint at = physical; at < physical + (uint)size; at += Granule)
        {
            if (IsTaken(at))
            {
                return 0;
            }
        }
        if (!_board.Io.RequestRegion(physical, size, owner))
        {
            return 0;
        }
        uint address = _board.Io.Ioremap(physical, size, owner);
        if (address == 0)
        {
            _board.Io.ReleaseRegion(physical, size);
        }
        return address;
    }

    private void Free(MixItem item, int number)
    {
        Mark(item, (short)(number + 1), 0);
        switch (item.Kind)
        {
            case MixKind.Pages:
            case MixKind.Bytes:
                _board.Pages.FreePages(item.Address);
                break;
            case MixKind.Exact:
                _board.Pages.FreePagesExact(item.Address, item.Size);
                break;
            case MixKind.Object:
                _board.Objects.Free(item.Address);
                break;
            case MixKind.Constructed:
                uint start = item.Address - MixBoard.ConstructedBytes;
                _board.Memory.Read(start, _scratch, 0, MixBoard.ConstructedBytes);
                _run.Expect(!_scratch.AsSpan(0, MixBoard.ConstructedBytes).ContainsAnyExcept(MixBoard.Marker.Value), "a constructed object stays so");
                _board.Constructed.Free(start);
                break;
            case MixKind.Kmalloc:
                _board.Kmalloc.Kfree(item.Address);
                break;
            case MixKind.Vmalloc:
                _board.Space.Free(item.Address);
                break;
            case MixKind.Coherent:
            case MixKind.Pooled:
                _board.Dma.FreeCoherent(item.Kind == MixKind.Pooled ? _board.Display : _board.Camera, item.Size, item.Address, item.Handle);
                break;
            case MixKind.Noncoherent:
                _board.Dma.FreeNoncoherent(_board.Camera, item.Size, item.Address, item.Handle, DmaDirection.ToDevice);
                break;
            case MixKind.Descriptor:
                _board.Descriptors.Free(item.Address, item.Handle);
                break;
            case MixKind.Element:
                _board.Reserve.Free(item.Address);
                break;
            case MixKind.PageElement:
                _board.PageReserve.Free(item.Address);
                break;
            default:
                _board.Io.Iounmap(item.Address);
                _board.Io.ReleaseRegion(item.Handle, item.Size);
                break;
        }
        item.Kind = MixKind.None;
    }

    private void Move(MixItem item, int number)
    {
        int size = 1 + _run.Random.Below(_run.Chance(80) ? 600 : 4 * MixBoard.PageSize), kept = Math.Min(size, item.Size);
        Mark(item, (short)(number + 1), 0);
        uint address = _board.Kmalloc.Krealloc(item.Address, size, Flags());
        if (address != 0)
        {
            Moved += address == item.Address ? 0 : 1;
            item.Address = address;
            item.Size = size;
        }
        Mark(item, 0, (short)(number + 1));
        Compare(item, address == 0 ? item.Size : kept);
        Fill(item);
    }

    private void Trim(MixItem item, int number)
    {
        Mark(item, (short)(number + 1), 0);
        int size = 1 + _run.Random.Below(item.Size);
        _board.Pages.TrimPages(item.Address, size);
        item.Size = (size + MixBoard.PageSize - 1) / MixBoard.PageSize * MixBoard.PageSize;
        Mark(item, 0, (short)(number + 1));
        Compare(item, item.Size);
        Trimmed++;
    }

    private void Map(MixItem item)
    {
        item.MappedSize = item.Size;
        item.Direction = (DmaDirection)_run.Random.Below(3);
        item.Mapping = _board.Streaming.MapSingle(_board.Camera, item.Address, item.Size, item.Direction);
        if (item.Mapping == 0)
        {
            return;
        }
        Mapped++;
        Bounced += item.Mapping == item.Address ? 0 : 1;
        _board.Memory.Read(item.Mapping, _scratch, 0, item.Size);
        _run.Expect(_scratch.AsSpan(0, item.Size).SequenceEqual(_pattern.AsSpan(item.Seed, item.Size)), "the device reads what the CPU wrote");
        if (item.Direction != DmaDirection.ToDevice)
        {
            // The device writes at once; the CPU sees it when the mapping ends.
            item.Seed = _run.Random.Below(256);
            _board.Memory.Write(item.Mapping, _pattern, item.Seed, item.Size);
        }
    }

    private void Unmap(MixItem item)
    {
        if (_run.Chance(30))
        {
            _board.Streaming.SyncForCpu(_board.Camera, item.Mapping, item.MappedSize, item.Direction);
            Compare(item, item.Size);
            if (_run.Chance(50))
            {
                _board.Streaming.SyncForDevice(_board.Camera, item.Mapping, item.MappedSize, item.Direction);
            }
        }
        _board.Streaming.UnmapSingle(_board.Camera, item.Mapping, item.MappedSize, item.Direction);
        item.Mapping = 0;
    }

    private void Check(MixItem item)
    {
        Compare(item, item.Size);
        if (_run.Chance(20))
        {
            Fill(item);
        }
    }

    private void Compare(MixItem item, int size)
    {
        Read(item);
        _run.Expect(_scratch.AsSpan(0, size).SequenceEqual(_pattern.AsSpan(item.Seed, size)), "contents survive");
    }

    private void Read(MixItem item)
    {
        if (item.IsVirtual)
        {
            _board.Space.Read(item.Address, _scratch, 0, item.Size);
        }
        else
        {
            _board.Memory.Read(item.Address, _scratch, 0, item.Size);
        }
    }

    private void Fill(MixItem item)
    {
        item.Seed = _run.Random.Below(256);
        if (item.IsVirtual)
        {
            _board.Space.Write(item.Address, _pattern, item.Seed, item.Size);
        }
        else
        {
            _board.Memory.Write(item.Address, _pattern, item.Seed, item.Size);
        }
    }

    /// <summary>Moves an item's bytes in the mirror from one owner to another; all of them must have belonged to the first.</summary>
    private void Mark(MixItem item, short from, short to)
    {
        int step = item.Kind == MixKind.Vmalloc ? MixBoard.PageSize : item.Size;
        for (int done = 0; done < item.Size; done += step)
        {
            uint physical = item.Kind == MixKind.Vmalloc ? _board.Space.Translate(item.Address + (uint)done)
                : item.Kind == MixKind.Ioremap ? item.Handle : item.Address;
            int offset = (int)(physical - MixBoard.Start), at = offset / Granule;
            int end = (offset + Math.Min(step, item.Size - done) - 1) / Granule;
            for (; at <= end; at++)
            {
                _run.ExpectEqual(from, _owners[at], "the owner of granule", at);
                _owners[at] = to;
            }
        }
    }
}
