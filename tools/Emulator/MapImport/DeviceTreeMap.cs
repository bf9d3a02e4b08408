using Carveout.Diagnostics;

namespace Carveout.Emulator.MapImport;

/// <summary>The memory map of a device tree: the memory nodes and the reserved-memory of Linux's and Zephyr's trees.</summary>
internal sealed class DeviceTreeMap
{
    private const ulong Top = 1UL << 32;
    private const int MostBytes = 16 << 20, DefaultAddressCells = 2, DefaultSizeCells = 1;

    private readonly DeviceTree _tree;
    private readonly MapDraft _draft;
    private readonly int _cacheLine;

    private DeviceTreeMap(string path, DeviceTree tree)
    {
        _tree = tree;
        _draft = new MapDraft(tree.Root.Strings("model") is [{ Length: > 0 } model, ..] ? model : Path.GetFileNameWithoutExtension(path));
        _draft.Remarks.AddRange(tree.Remarks);
        _cacheLine = (int)(tree.Root.All.Select(node => node.Cell("d-cache-line-size", 0)).FirstOrDefault(line => line is >= 4 and <= 256
            && (line & (line - 1)) == 0));
    }

    /// <summary>Reads a source (.dts) or a compiled tree (.dtb), depending on the file's contents.</summary>
    /// <exception cref="UsageException">It cannot be read; the message says where, and what was expected.</exception>
    public static ImportedMap Read(string path)
    {
        byte[] bytes;
        try
        {
            using FileStream stream = File.OpenRead(path);
            var buffer = new byte[Math.Clamp(stream.Length, 0, MostBytes) + 1];
            bytes = buffer[..stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw FileFault.Of(path, e, "--dts");
        }
        if (bytes.Length > MostBytes)
        {
            throw new UsageException($"{path}: longer than {MostBytes} bytes, which is no device tree");
        }
        DeviceTree tree = bytes is [0xD0, 0x0D, 0xFE, 0xED, ..] ? DtbReader.Read(path, bytes) : DtsReader.Read(path, bytes);
        return new DeviceTreeMap(path, tree).Run();
    }

    private ImportedMap Run()
    {
        // The larger first: a smaller one inside it is a part of it.
        foreach ((DeviceTreeNode node, ulong start, ulong size) in _tree.Root.All.Where(IsMemory)
            .SelectMany(node => Spans(node).Select(span => (node, span.Start, span.Size))).OrderByDescending(one => one.Size))
        {
            AddMemory(node, start, size);
        }
        if (_draft.Regions.Count == 0)
        {
            throw new UsageException($"{_tree.Root.Place}: no memory below 4 GB: expected a node with device_type = \"memory\" or compatible = "
                + "\"mmio-sram\", and its reg"
                + string.Concat(_draft.Remarks.Select(remark => "; " + remark)));
        }
        foreach ((ulong start, ulong size) in _tree.Reserved)
        {
            _draft.Take("memreserve", start, End(start, size));
        }
        DeviceTreeNode[] reserved = [.. _tree.Root.Children.Where(node => node.Name == "reserved-memory").SelectMany(node => node.Children)
            .Where(node => node.IsOkay)];
        // Those with an address first; the others get free places then.
        foreach (DeviceTreeNode node in reserved.Where(node => node.Has("reg")))
        {
            foreach ((ulong start, ulong size) in Spans(node))
            {
                Reserve(node, start, size);
            }
        }
        foreach (DeviceTreeNode node in reserved.Where(node => !node.Has("reg") && node.Has("size")))
        {
            Place(node);
        }
        Assume();
        return _draft.ToMap();
    }

    private static bool IsMemory(DeviceTreeNode node) => node.IsOkay && node.Has("reg")
        && (node.Strings("device_type").Contains("memory")
            || node.Strings("compatible").Any(word => word is "mmio-sram" or "zephyr,memory-region" || IsCoupled(word)));

    private static bool IsCoupled(string word) =>
        word.EndsWith("dtcm", StringComparison.Ordinal) || word.EndsWith("ccm", StringComparison.Ordinal) || word.EndsWith("itcm", StringComparison.Ordinal);

    private void AddMemory(DeviceTreeNode node, ulong childStart, ulong size)
    {
        if (size == 0)
        {
            _draft.Remarks.Add($"{node.Name} has no size: the boot loader fills it in.");
            return;
        }
        if (Translate(node, childStart, size) is not ulong start)
        {
            _draft.Remarks.Add($"{node.Name} is left out: the ranges of its bus do not show it to the CPU.");
            return;
        }
        if (start >= Top)
        {
            _draft.Remarks.Add($"{node.Name}, {SizeText.Of((long)Math.Min(size, long.MaxValue))} from 0x{start:x}, lies above 4 GB and is left out.");
            return;
        }
        ulong end = End(start, size);
        if (size > Top - start)
        {
            _draft.Remarks.Add($"{node.Name} ends above 4 GB: what lies there is left out.");
        }
        if (start == 0 && end == Top)
        {
            _draft.Remarks.Add($"{node.Name} fills the 4 GB: its last page is left out.");
            end -= MemoryMap.DefaultPageSize;
        }
        if (_draft.RegionOf(start, end) is not null)
        {
            // Zephyr has names for parts of a memory.
            _draft.Take(node.Name, start, end);
            return;
        }
        string[] compatible = node.Strings("compatible");
        MemoryKind kind = compatible.Any(word => word.EndsWith("itcm", StringComparison.Ordinal)) ? MemoryKind.InstructionRam
            : compatible.Any(IsCoupled) ? MemoryKind.CoreCoupled
            : node.Strings("device_type").Contains("memory") ? MemoryKind.Sdram : MemoryKind.Sram;
        bool isCoupled = kind is MemoryKind.InstructionRam or MemoryKind.CoreCoupled;
        _draft.AddRegion(node.Name, kind, start, end - start, isCoupled ? DmaEngines.None : DmaEngines.General, isCoupled ? 0 : _cacheLine);
    }

    /// <summary>A child of reserved-memory with an address: a pool that devices share becomes a zone, everything else a
    /// reservation.</summary>
    private void Reserve(DeviceTreeNode node, ulong start, ulong size)
    {
        ulong end = End(start, size);
        if (_draft.Regions.All(region => end <= region.Start || start >= (ulong)region.Start + region.Size))
        {
            _draft.Remarks.Add($"{node.Name} at 0x{start:x} lies in no memory below 4 GB and is left out.");
            return;
        }
        bool isShared = node.Strings("compatible").Contains("shared-dma-pool");
        if (isShared && node.Has("reusable") && !node.Has("no-map"))
        {
            if (_draft.AddZone(node.Name, start, end))
            {
                _draft.Remarks.Add($"{node.Name} is a shared-dma-pool that the kernel may reuse, which is CMA: it is a zone here.");
                return;
            }
            _draft.Remarks.Add($"{node.Name} is a shared-dma-pool without a whole page of its own: it is reserved here.");
        }
        else if (isShared)
        {
            _draft.Remarks.Add($"{node.Name} is a shared-dma-pool that the kernel does not reuse, which is one device's: it is reserved here.");
        }
        else if (node.Has("reusable"))
        {
            _draft.Remarks.Add($"{node.Name} is reusable by a driver of its own: it is reserved here.");
        }
        _draft.Take(node.Name, start, end);
    }

    /// <summary>A child of reserved-memory without an address gets the highest free place, as from the kernel's early allocator.</summary>
    private void Place(DeviceTreeNode node)
    {
        ulong size = Number(node, "size"), alignment = node.Has("alignment") ? Number(node, "alignment") : MemoryMap.DefaultPageSize;
        if (size == 0 || alignment == 0 || (alignment & (alignment - 1)) != 0)
        {
            throw node.Properties[size == 0 ? "size" : "alignment"].Error(size == 0 ? "size 0: expected bytes to reserve"
                : $"alignment {alignment}: expected a power of two");
        }
        (ulong Start, ulong Size)[] ranges = node.Has("alloc-ranges") ? [.. Spans(node, "alloc-ranges")] : [(0, Top)];
        ulong[] places = [.. ranges.Select(range => _draft.HighestPlace(size, alignment, range.Start, End(range.Start, range.Size))).OfType<ulong>()];
        if (places.Length == 0)
        {
            _draft.Remarks.Add($"{node.Name}: no {SizeText.Of((long)Math.Min(size, long.MaxValue))} are free where it may lie; it is left out.");
            return;
        }
        _draft.Remarks.Add($"{node.Name} has no place in the tree: the highest that is free, 0x{places[0]:x8}, is assumed.");
        Reserve(node, places[0], size);
    }

    private void Assume()
    {
        _draft.Remarks.Add("Which DMA engine reaches what is not in a device tree: general is assumed for all but coupled memory.");
        _draft.Remarks.Add(_cacheLine == 0 ? "No cpu has d-cache-line-size: no cache is assumed." : $"Cache lines of {_cacheLine} bytes are those of d-cache-line-size.");
        foreach (DeviceTreeNode node in _tree.Root.All.Where(node => node.Properties.TryGetValue("dma-ranges", out DeviceTreeProperty? ranges) && ranges.Bytes.Length > 0))
        {
            _draft.Remarks.Add($"dma-ranges of {node.Name} is not read: devices that see memory elsewhere want busStart.");
        }
        if (_tree.Root.Children.Exists(node => node.Name == "reserved-memory"))
        {
            _draft.Remarks.Add("What the kernel itself takes is not in a device tree.");
        }
    }

    private static ulong End(ulong start, ulong size) => Math.Min(size > Top ? Top : start + size, Top);

    private static IEnumerable<(ulong Start, ulong Size)> Spans(DeviceTreeNode node, string property = "reg")
    {
        DeviceTreeProperty value = node.Properties[property];
        (int address, int size) = CellsOf(node.Parent ?? node);
        uint[] cells = value.Cells;
        if (cells.Length == 0 || cells.Length % (address + size) != 0)
        {
            throw value.Error($"{property} of {node.Name} has {cells.Length} cells: expected {address} of an address and {size} of a size for each piece");
        }
        for (int at = 0; at < cells.Length; at += address + size)
        {
            yield return (Joined(cells.AsSpan(at, address)), Joined(cells.AsSpan(at + address, size)));
        }
    }

    /// <summary>A number with as many cells as a size has.</summary>
    private static ulong Number(DeviceTreeNode node, string property) =>
        node.Properties[property] is var value && value.Cells is { Length: 1 or 2 } cells ? Joined(cells) : throw value.Error($"{property}: expected a number of one cell or two");

    private static ulong Joined(ReadOnlySpan<uint> cells) => cells.Length == 2 ? ((ulong)cells[0] << 32) | cells[1] : cells[0];

    private static (int Address, int Size) CellsOf(DeviceTreeNode parent)
    {
        uint address = parent.Cell("#address-cells", DefaultAddressCells), size = parent.Cell("#size-cells", DefaultSizeCells);
        return address is 1 or 2 && size is 1 or 2 ? ((int)address, (int)size)
            : throw new UsageException($"{parent.Place}: {parent.Name} has #address-cells {address} and #size-cells {size}: expected 1 or 2 of each");
    }

    /// <summary>Where the CPU sees an address of a node's bus; null if it does not see it.</summary>
    private static ulong? Translate(DeviceTreeNode node, ulong start, ulong size)
    {
        for (DeviceTreeNode? bus = node.Parent; bus?.Parent is not null; bus = bus.Parent)
        {
            if (!bus.Properties.TryGetValue("ranges", out DeviceTreeProperty? ranges) || ranges.Bytes.Length == 0)
            {
                // Empty ranges: the address is the same. Without ranges the CPU would see nothing of a bus, but sources leave them out if
                // no address is translated.
                continue;
            }
            (int child, int length) = CellsOf(bus);
            int above = CellsOf(bus.Parent).Address, step = child + above + length;
            uint[] cells = ranges.Cells;
            ulong? found = null;
            for (int at = 0; at + step <= cells.Length && found is null; at += step)
            {
                ulong from = Joined(cells.AsSpan(at, child)), to = Joined(cells.AsSpan(at + child, above)), span = Joined(cells.AsSpan(at + child + above, length));
                found = start >= from && start - from < span && size <= span - (start - from) ? to + (start - from) : null;
            }
            if (found is not ulong translated)
            {
                return null;
            }
            start = translated;
        }
        return start;
    }
}
