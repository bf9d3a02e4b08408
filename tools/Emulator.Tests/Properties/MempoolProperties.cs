namespace Carveout.Emulator.Tests.Properties;

/// <summary>Random use of pools beside a user who takes all other memory. A model predicts who serves a request, and the guarantee is
/// tested with everything else exhausted.</summary>
[TestClass]
public sealed class MempoolProperties
{
    private const int PageSize = 256, ZonePages = 64, MostElements = 12, ObjectSize = 120;
    private const uint Start = 0x10000000;

    private readonly List<(uint Address, byte Stamp)> _out = [];
    private readonly List<uint> _leak = [];
    private readonly int[] _counts = new int[7];

    private ManagedMemory _memory = null!;
    private PageAllocator _pages = null!;
    private KmemCache? _cache;
    private Mempool _pool = null!;
    private PropertyRun _run = null!;
    private int _order, _reserve, _min, _saved, _failures;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(1UL, 0)]
    [DataRow(2UL, 1)]
    [DataRow(3UL, 2)]
    [DataRow(4UL, -1)]
    [DataRow(5UL, -1)]
    public void Serves_as_foretold_and_keeps_its_guarantee(ulong seed, int order)
    {
        _run = new PropertyRun(TestContext, seed);
        _run.Guard(() =>
        {
            Boot(order);
            for (int step = TestSeed.Steps(20_000); step > 0; step--)
            {
                Step();
                Compare();
            }
            _run.Expect(_counts.All(count => count > 50), string.Join(' ', _counts));
        });
        TestContext.WriteLine($"operations: {string.Join(' ', _counts)}; saved {_pool.SavedCount}, failed {_pool.FailureCount}");
    }

    private void Boot(int order)
    {
        Zone[] zones = [new("NORMAL", ZoneKind.Normal, Start, PageMap.Create(PageMapKind.FreeBlocks, ZonePages, 4))];
        _memory = new ManagedMemory(Start, ZonePages * PageSize);
        _pages = new PageAllocator(zones, PageSize, _memory, new FlatLock());
        _order = order;
        _min = _reserve = 4;
        if (order >= 0)
        {
            _pool = new Mempool("rescue", _pages, order, GfpFlags.Kernel, _min, MostElements, new FlatLock());
        }
        else
        {
            _cache = new KmemCache(new SlabAllocator(_pages, _memory, ZonePages, null, null), "node", ObjectSize, 8, GfpFlags.Kernel, null);
            _pool = new Mempool("rescue", _cache, _min, MostElements, new FlatLock());
        }
    }

    private void Step()
    {
        int draw = _run.Random.Below(100);
        if (draw < 30)
        {
            Alloc();
        }
        else if (draw < 58)
        {
            Free();
        }
        else if (draw < 66)
        {
            Misuse();
        }
        else if (draw < 82)
        {
            Leak(1 + _run.Random.Below(ZonePages));
        }
        else if (draw < 92)
        {
            Unleak(1 + _run.Random.Below(ZonePages));
        }
        else if (draw < 96)
        {
            Resize();
        }
        else
        {
            Guarantee();
        }
    }

    private void Alloc()
    {
        GfpFlags gfp = _run.Choose([GfpFlags.Kernel, GfpFlags.Atomic, GfpFlags.Zero, GfpFlags.NoWarn, GfpFlags.Zero | GfpFlags.Atomic]);
        bool others = UnderlyingHas(), reserve = !others && _reserve > 0;
        _run.Begin($"alloc, {(others ? "the allocator has some" : reserve ? "the reserve has some" : "nobody has any")}");
        uint address = _pool.Alloc(gfp);
        _run.ExpectEqual(others || reserve ? 1 : 0, address == 0 ? 0 : 1, "served");
        _reserve -= reserve ? 1 : 0;
        _saved += reserve ? 1 : 0;
        _failures += others || reserve ? 0 : 1;
        if (address == 0)
        {
            return;
        }
        _run.Expect(!_out.Exists(element => element.Address == address), "handed out twice");
        if ((gfp & GfpFlags.Zero) != 0)
        {
            _run.Expect(IsFilled(address, 0), "is not zeroed");
        }
        Stamp(address);
        _counts[reserve ? 0 : 1]++;
    }

    private void Free()
    {
        if (_out.Count == 0)
        {
            return;
        }
        int index = _run.Random.Below(_out.Count);
        (uint address, byte stamp) = _out[index];
        _run.Begin($"free of {address:x8}");
        _run.Expect(IsFilled(address, stamp), "somebody else wrote to an element");
        _out.RemoveAt(index);
        _pool.Free(address);
        _reserve += _reserve < _min ? 1 : 0;
        _counts[2]++;
    }

    /// <summary>A free inside an element, of somebody else's memory, or a second one. Nothing changes, as <see cref="Compare"/>
    /// checks.</summary>
    private void Misuse()
    {
        uint address = _run.Random.Below(3) switch
        {
            0 when _out.Count != 0 => _run.Choose(_out).Address + 1u + (uint)_run.Random.Below(_pool.ElementSize - 1),
            1 when _leak.Count != 0 && _cache == null => _run.Choose(_leak),
            _ => Start + (uint)_run.Random.Below(ZonePages * PageSize / 8) * 8,
        };
        // In a pool over a cache, an object that the other user took is as good as the pool's.
        if (_out.Exists(element => element.Address == address) || (_cache != null && _leak.Contains(address)))
        {
            return;
        }
        _run.Begin($"wrong free of {address:x8}");
        bool refused = false;
        try
        {
            _pool.Free(address);
        }
        catch (InvalidOperationException)
        {
            refused = true;
        }
        _run.Expect(refused, "accepted");
        _counts[3]++;
    }

    private void Resize()
    {
        int min = 1 + _run.Random.Below(MostElements), before = _pool.ReserveCount;
        _run.Begin($"resize to {min}");
        bool done = _pool.Resize(min);
        if (done)
        {
            _min = min;
            _reserve = _min;
            _counts[4]++;
        }
        else
        {
            _run.Expect(!UnderlyingHas() || min > _min, "there was memory");
            // Elements found on the way to the new minimum may fill up the old one.
            _run.Expect(_pool.ReserveCount >= before && _pool.ReserveCount <= Math.Max(_min, before), "reserve after a failure");
            _reserve = _pool.ReserveCount;
            _counts[5]++;
        }
    }

    /// <summary>With everything else taken, users can still get the minimum, minus what they have.</summary>
    private void Guarantee()
    {
        _run.Begin("the guarantee");
        Leak(int.MaxValue);
        int had = _out.Count, wanted = _min - had, got = 0;
        while (_pool.Alloc(_run.Chance(50) ? GfpFlags.NoWarn : GfpFlags.Atomic) is var address and not 0)
        {
            _run.Expect(!_out.Exists(element => element.Address == address), "handed out twice");
            Stamp(address);
            got++;
        }
        _failures++;
        _saved += got;
        _run.Expect(got >= wanted, $"{got} elements of a minimum of {_min} with {had} out");
        _run.ExpectEqual(_reserve, got, "all of the reserve and no more");
        for (; got > 0; got--)
        {
            _pool.Free(_out[^1].Address);
            _out.RemoveAt(_out.Count - 1);
        }
        Unleak(_leak.Count / 2);
        _counts[6]++;
    }

    private void Compare()
    {
        _run.ExpectEqual(_min, _pool.MinCount, "minimum");
        _run.ExpectEqual(_reserve, _pool.ReserveCount, "reserve");
        _run.ExpectEqual(_out.Count, _pool.LiveCount, "elements out");
        _run.ExpectEqual(_saved, _pool.SavedCount, "saved");
        _run.ExpectEqual(_failures, _pool.FailureCount, "failures");
        _run.Expect(_reserve + _out.Count >= _min, "the reserve and what is out are fewer than the minimum");
        if (_cache != null)
        {
            _run.ExpectEqual(_reserve + _out.Count + _leak.Count, _cache.LiveCount, "objects");
        }
        else
        {
            _run.ExpectEqual((_reserve + _out.Count) << _order, _pages.OwnerPages((PageOwner)1), "pages of the pool");
        }
    }

    private bool UnderlyingHas()
    {
        if (_cache != null && _cache.LiveCount < _cache.SlabCount * _cache.ObjectsPerSlab)
        {
            return true;
        }
        _pages.DrainAllPages();
        return _pages.ZoneAt(0).LargestFreePages >= (_cache != null ? _cache.PagesPerSlab : 1 << _order);
    }

    private void Leak(int count)
    {
        for (; count > 0; count--)
        {
            uint address = _cache != null ? _cache.Alloc(GfpFlags.NoWarn) : _pages.AllocPages(GfpFlags.NoWarn, 0, 0);
            if (address == 0)
            {
                return;
            }
            _leak.Add(address);
        }
    }

    private void Unleak(int count)
    {
        for (; count > 0 && _leak.Count > 0; count--)
        {
            int index = _run.Random.Below(_leak.Count);
            uint address = _leak[index];
            _leak.RemoveAt(index);
            if (_cache != null)
            {
                _cache.Free(address);
            }
            else
            {
                _pages.FreePages(address);
            }
        }
    }

    private void Stamp(uint address)
    {
        var stamp = (byte)(1 + _run.Random.Below(255));
        _memory.Fill(address, _pool.ElementSize, stamp);
        _out.Add((address, stamp));
    }

    private bool IsFilled(uint address, byte value)
    {
        byte[] bytes = new byte[_pool.ElementSize];
        _memory.Read(address, bytes, 0, bytes.Length);
        return bytes.AsSpan().IndexOfAnyExcept(value) < 0;
    }
}
