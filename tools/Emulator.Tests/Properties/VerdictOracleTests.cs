using System.Globalization;
using System.Text.RegularExpressions;
using Carveout.Diagnostics;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Tests.Properties;

/// <summary>Compares a report of a refusal with a search of all places: no sentence of it is false, and it says so if a request can never
/// be served.</summary>
/// <remarks>10^6 refusals: CARVEOUT_ITERATIONS=100.</remarks>
[TestClass]
public sealed partial class VerdictOracleTests
{
    private const int PageSize = 4096, StepsOfMachine = 120;

    private static readonly PageMapKind[] s_kinds = [PageMapKind.Runs, PageMapKind.FreeBlocks, PageMapKind.GroupedFreeBlocks];

    private readonly Dictionary<string, int> _counts = [];

    private PropertyRun _run = null!;
    private MemoryMap _map = null!;
    private PageAllocator _pages = null!;
    private DmaAllocator _dma = null!;
    private PageModel[] _models = null!;
    private PageMapKind[] _maps = null!;
    private List<DmaDevice> _devices = null!;
    private List<(uint Address, int Size, DmaDevice? Device, uint Handle)> _blocks = null!;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void No_sentence_of_a_report_is_false()
    {
        _run = new PropertyRun(TestContext, 0x0AC1E);
        int wanted = TestSeed.Steps(10_000), refusals = 0;
        _run.Guard(() =>
        {
            for (int step = 0; refusals < wanted; step++)
            {
                if (step % StepsOfMachine == 0)
                {
                    Boot();
                }
                refusals += Step() ? 1 : 0;
            }
        });
        TestContext.WriteLine($"{refusals} refusals: " + string.Join(", ", _counts.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}")));
        foreach (string verdict in (string[])["too large", "nowhere", "out of memory", "held back", "fragmented", "without the alignment",
            "without the boundary", "without the mask", "anywhere", "own size", "caches", "reaches no page", "zones only"])
        {
            Assert.IsGreaterThan(0, _counts.GetValueOrDefault(verdict), verdict);
        }
    }

    private void Boot()
    {
        int count = 1 + _run.Random.Below(3);
        _map = new MemoryMap("oracle", PageSize);
        _models = new PageModel[count];
        _maps = new PageMapKind[count];
        for (int i = 0; i < count; i++)
        {
            int pages = 1 + _run.Random.Below(_run.Chance(20) ? 100 : 40), before = _run.Random.Below(17);
            uint start = 0x20000000 + (uint)i * 0x1000000, bus = 0x40000000 + (uint)i * 0x1000000 + (uint)_run.Random.Below(20) * PageSize;
            bool dma = _run.Chance(60), reached = dma || _run.Chance(70);
            _maps[i] = _run.Choose(s_kinds);
            _models[i] = new PageModel(pages);
            _map.Add(new MemoryRegion($"R{i}", MemoryKind.Sdram, start, (uint)(before + pages) * PageSize,
                reached ? DmaEngines.General : DmaEngines.None, _run.Chance(30) ? 32 : 0, _run.Chance(50) ? bus : start));
            _map.Add(new ZonePlan($"Z{i}", dma ? ZoneKind.Dma : ZoneKind.Normal, start + (uint)before * PageSize, (uint)pages * PageSize,
                dma ? DmaEngines.General : DmaEngines.None, _maps[i]));
        }
        _pages = PageAllocator.Boot(_map, null, null);
        int total = _models.Sum(model => model.Pages);
        _pages.SetWatermarks(_run.Chance(50) ? 0 : _run.Random.Below(total / 4 + 1), _run.Random.Below(3));
        _dma = new DmaAllocator(_pages, _map, new UnbackedMemory(), null, 4, 1024);
        _devices = [];
        for (int i = 0; i < 4; i++)
        {
            int alignment = _run.Chance(50) ? 1 : PageSize << _run.Random.Below(5);
            uint boundary = _run.Chance(50) ? 0 : (uint)Math.Max(alignment, PageSize << _run.Random.Below(6));
            Zone aim = _pages.ZoneAt(_run.Random.Below(count));
            uint mask = _run.Chance(50) ? uint.MaxValue : BusOf(aim, _run.Random.Below(aim.Pages)) + (uint)_run.Random.Below(PageSize + 1);
            _devices.Add(new DmaDevice($"d{i}", DmaEngines.General)
            {
                Mask = mask, Alignment = alignment, Boundary = boundary, MaxSegment = 65536, Snoops = _run.Chance(30),
            });
            _dma.Attach(_devices[i]);
        }
        _blocks = [];
    }

    /// <returns>Whether it was a request that was refused.</returns>
    private bool Step()
    {
        if (_blocks.Count != 0 && _run.Chance(35))
        {
            Free(_run.Random.Below(_blocks.Count));
            return false;
        }
        GfpFlags gfp = (_run.Chance(20) ? GfpFlags.Atomic : 0) | (_run.Chance(30) ? GfpFlags.Dma : 0) | (_run.Chance(20) ? GfpFlags.NoFallback : 0);
        int pages = 1 + _run.Random.Below(_run.Chance(20) ? 40 : 8), size = pages * PageSize - _run.Random.Below(PageSize), order = _run.Random.Below(6);
        uint address, handle = 0;
        Request request;
        if (_run.Chance(50))
        {
            DmaDevice device = _run.Choose(_devices);
            bool coherent = _run.Chance(70);
            int most = Math.Min(_models.Max(model => model.Pages) * PageSize, device.Boundary == 0 ? int.MaxValue : (int)device.Boundary);
            size = Math.Min(size, most);
            pages = (size + PageSize - 1) / PageSize;
            _run.Begin($"{(coherent ? "coherent" : "noncoherent")} {size} for {device.Name}: {device.Mask:x8} {device.Alignment} {device.Boundary}");
            address = coherent
                ? _dma.AllocCoherent(device, size, gfp, out handle)
                : _dma.AllocNoncoherent(device, size, DmaDirection.FromDevice, gfp, out handle);
            if (!coherent && address != 0)
            {
                _dma.FreeNoncoherent(device, size, address, handle, DmaDirection.FromDevice);
                return false;
            }
            request = new Request(gfp, pages, true, Math.Max(1, device.Alignment / PageSize), device.Boundary, device, coherent);
        }
        else if (_run.Chance(50))
        {
            size = Math.Min(size, _models.Max(model => model.Pages) * PageSize);
            pages = (size + PageSize - 1) / PageSize;
            int alignment = _run.Chance(50) ? 1 : 1 << _run.Random.Below(7);
            _run.Begin($"exact {size} {gfp} on {alignment} pages");
            address = _pages.AllocPagesExact(size, gfp, PageOwner.Unknown, alignment * PageSize);
            request = new Request(gfp, pages, true, alignment, 0, null, false);
        }
        else
        {
            _run.Begin($"order {order} {gfp}");
            address = _pages.AllocPages(gfp, order, PageOwner.Unknown);
            request = new Request(gfp, 1 << order, false, 1, 0, null, false);
        }
        if (address != 0)
        {
            int zone = ZoneOf(address);
            _models[zone].Take((int)((address - _pages.ZoneAt(zone).Start) / PageSize), request.Pages);
            _blocks.Add((address, size, request.Device, handle));
            return false;
        }
        string report = FailureReport.ToText(_pages);
        Zone[] asked = [.. Enumerable.Range(0, _models.Length).Where(zone => IsAsked(zone, request)).Select(_pages.ZoneAt)];
        bool firstIsDma = request.Device != null ? asked.Any(zone => zone.Kind == ZoneKind.Dma) : asked.All(zone => zone.Kind == ZoneKind.Dma);
        for (int i = 0; i < _models.Length; i++)
        {
            string verdict = FailureReport.ZoneVerdict(_pages, _pages.ZoneAt(i));
            _run.Expect(report.Contains($"{_pages.ZoneAt(i).Name}: {verdict}\n", StringComparison.Ordinal), "the report has the verdict");
            Check(i, request, firstIsDma, verdict);
        }
        return true;
    }

    private void Check(int index, Request request, bool firstIsDma, string verdict)
    {
        Zone zone = _pages.ZoneAt(index);
        PageModel model = _models[index], empty = new(model.Pages);
        int free = model.FreePages, wanted = request.Pages;
        void Holds(bool condition) => _run.Expect(condition, $"false of zone {zone.Name} ({_maps[index]}, {zone.Start:x8}): {verdict}");
        if (!IsAsked(index, request))
        {
            bool caches = verdict.Contains("the CPU caches it", StringComparison.Ordinal), reaches = verdict.Contains("reaches no page", StringComparison.Ordinal);
            Holds(verdict.StartsWith("not asked: ", StringComparison.Ordinal));
            Holds(request.Device == null ? !caches && !reaches : caches ? Reaches(index, request.Device) : reaches && !Reaches(index, request.Device));
            Count(caches ? "caches" : reaches ? "reaches no page" : "zones only");
            return;
        }
        bool never = !Places(index, empty, request).Any(page => Suits(index, page, request, true, true, true));
        bool anywhere = Places(index, model, request with { IsExact = true }).Any();
        bool suits = Places(index, model, request).Any(page => Suits(index, page, request, true, true, true));
        int kept = request.Gfp.HasFlag(GfpFlags.Atomic) ? Atomic(zone.MinWatermark) : zone.MinWatermark;
        kept += (zone.Kind == ZoneKind.Dma) != firstIsDma ? zone.LowmemReservePages : 0;
        Holds(!suits || free - wanted < kept);
        string size = SizeText.Of(free * (long)PageSize), largest = SizeText.Of(zone.LargestFreePages * (long)PageSize);
        Holds(verdict.Contains($": {size} free, largest {largest}, wanted {SizeText.Of(wanted * (long)PageSize)}", StringComparison.Ordinal));
        switch (verdict[..verdict.IndexOf(':', StringComparison.Ordinal)])
        {
            case "too large":
                Holds(never && !Places(index, empty, request).Any());
                Holds(verdict.Contains("all of the zone is", StringComparison.Ordinal) ? wanted > zone.Pages : wanted <= zone.Pages);
                Count("too large");
                return;
            case "not aligned" when verdict.EndsWith("is nowhere in it, free or taken", StringComparison.Ordinal):
                Holds(never);
                Count("nowhere");
                return;
            case "out of memory":
                Holds(free < wanted);
                Count("out of memory");
                break;
            case "held back":
                Holds(free >= wanted && free - wanted < kept);
                Count("held back");
                break;
            case "fragmented":
                Holds(!anywhere);
                Count("fragmented");
                break;
            case "not aligned":
                Holds(anywhere && !suits);
                CheckPlace(index, request, verdict, Holds);
                break;
            default:
                Holds(false);
                break;
        }
        Holds(!never);
    }

    /// <summary>Whether the place that a verdict names exists, apart from what it leaves out.</summary>
    private void CheckPlace(int index, Request request, string verdict, Action<bool> holds)
    {
        if (!request.IsExact)
        {
            holds(verdict.EndsWith("begins at a multiple of that from the zone's start", StringComparison.Ordinal));
            Count("own size");
            return;
        }
        Match place = ServedAt().Match(verdict);
        holds(place.Success);
        uint address = uint.Parse(place.Groups["at"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        int page = (int)((address - _pages.ZoneAt(index).Start) / PageSize);
        holds(Places(index, _models[index], request).Contains(page));
        string without = place.Groups["without"].Value;
        bool alignment = without == "alignment", boundary = without.EndsWith("boundary", StringComparison.Ordinal), mask = without == "mask";
        holds(without.Length == 0 || Suits(index, page, request, !alignment, !boundary, !mask));
        Count(without.Length == 0 ? "anywhere" : "without the " + (alignment ? "alignment" : boundary ? "boundary" : "mask"));
    }

    /// <summary>Where a map could put the request without its conditions on the place.</summary>
    private IEnumerable<int> Places(int index, PageModel model, Request request)
    {
        int wanted = request.Pages;
        if (_maps[index] == PageMapKind.Runs)
        {
            return Enumerable.Range(0, model.Pages).Where(page => model.IsFree(page, wanted) && (request.IsExact || page % wanted == 0));
        }
        var places = new List<int>();
        for (int block = 0; model.NextBlock(ref block, _pages.ZoneAt(index).MaxOrder, out int order); block += 1 << order)
        {
            for (int page = block; page + wanted <= block + (1 << order); page += request.IsExact ? 1 : wanted)
            {
                places.Add(page);
            }
        }
        return places;
    }

    private bool Suits(int index, int page, Request request, bool aligned, bool bounded, bool masked)
    {
        Zone zone = _pages.ZoneAt(index);
        long first = request.Device == null ? zone.Start + (long)page * PageSize : BusOf(zone, page), last = first + (long)request.Pages * PageSize - 1;
        return (!aligned || !request.IsExact || first / PageSize % request.Alignment == 0)
            && (!bounded || request.Boundary == 0 || first / request.Boundary == last / request.Boundary)
            && (!masked || request.Device == null || last <= request.Device.Mask);
    }

    private bool IsAsked(int index, Request request)
    {
        Zone zone = _pages.ZoneAt(index);
        if (request.Device == null)
        {
            return request.Gfp.HasFlag(GfpFlags.Dma) ? zone.Kind == ZoneKind.Dma
                : !request.Gfp.HasFlag(GfpFlags.NoFallback) || zone.Kind == ZoneKind.Normal;
        }
        return Reaches(index, request.Device) && (!request.IsCoherent || request.Device.Snoops || _map.RegionAt(index).CacheLine == 0);
    }

    /// <summary>Whether a device reaches the zone's first page.</summary>
    private bool Reaches(int index, DmaDevice device) =>
        _map.RegionAt(index).Dma == DmaEngines.General && BusOf(_pages.ZoneAt(index), 0) + (long)PageSize - 1 <= device.Mask;

    private uint BusOf(Zone zone, int page)
    {
        MemoryRegion region = _map.RegionAt(ZoneOf(zone.Start));
        return zone.Start - region.Start + region.BusStart + (uint)page * PageSize;
    }

    private void Free(int index)
    {
        (uint address, int size, DmaDevice? device, uint handle) = _blocks[index];
        _run.Begin($"free {address:x8}");
        if (device == null)
        {
            _pages.FreePages(address);
        }
        else
        {
            _dma.FreeCoherent(device, size, address, handle);
        }
        int zone = ZoneOf(address);
        _models[zone].Release((int)((address - _pages.ZoneAt(zone).Start) / PageSize));
        _blocks.RemoveAt(index);
    }

    private static int ZoneOf(uint address) => (int)((address - 0x20000000) / 0x1000000);

    private static int Atomic(int min)
    {
        int half = min - (min / 2);
        return half - (half / 4);
    }

    private void Count(string what) => _counts[what] = _counts.GetValueOrDefault(what) + 1;

    [GeneratedRegex("(?:without the (?<without>alignment|mask|[0-9.]+ [KM]?B boundary)|anywhere) it would be served at 0x(?<at>[0-9a-f]{8})$")]
    private static partial Regex ServedAt();

    /// <param name="Pages">Pages of the block or run.</param>
    /// <param name="IsExact">Whether it is a run.</param>
    /// <param name="Alignment">The alignment of a run, in pages.</param>
    /// <param name="Boundary">Bytes; 0 for none.</param>
    /// <param name="Device">The device that asks; null for none.</param>
    /// <param name="IsCoherent">Whether it is for coherent memory.</param>
    private sealed record Request(GfpFlags Gfp, int Pages, bool IsExact, int Alignment, uint Boundary, DmaDevice? Device, bool IsCoherent);
}
