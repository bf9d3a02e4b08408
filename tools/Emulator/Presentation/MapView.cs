using Carveout.Diagnostics;
using Carveout.Emulator.Maps;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Carveout.Emulator.Presentation;

/// <summary>Writes a memory map for people: a table, a picture to scale, and the verdict.</summary>
internal sealed class MapView(MapScreen screen)
{
    /// <summary>A wider picture is no clearer, and a narrower bar has no room for the fewest pieces.</summary>
    private const int WidestPicture = 120, NarrowestBar = 16;

    private readonly MapLook _look = new(screen.Unicode);

    /// <summary>One map.</summary>
    public IRenderable Of(MemoryMap map, MapFault[] faults)
    {
        MemoryRegion[] regions = [.. Enumerable.Range(0, map.RegionCount).Select(map.RegionAt).OrderBy(region => region.Start)];
        List<(string Name, IReadOnlyList<RegionPiece> Pieces)> bars =
        [
            .. regions.Where(region => region.Size > 0).Select(region => (region.Name, RegionPiece.Of(map, region))),
            .. RegionPiece.Outside(map).Select(piece => ("outside", (IReadOnlyList<RegionPiece>)[piece])),
        ];
        return new Rows([Heading(map, bars), new Text(""), Table(map), new Text(""), .. Picture(bars), new Text(""), .. Verdict(map, faults)]);
    }

    /// <summary>Several maps, a line for each.</summary>
    public IRenderable List(IEnumerable<(MemoryMap Map, MapFault[] Faults)> maps)
    {
        var lines = maps.Select(one => ("default", new[]
        {
            one.Map.Name, $"{one.Map.RegionCount}", SizeText.Of(TotalSize(one.Map)), Zones(one.Map),
            Verdict(one.Faults, MapWarning.Of(one.Map, one.Faults)),
        }));
        MapUnwrapped table = Columns(["Board", ">Regions", ">Memory", "Zones", "Verdict"], [.. lines]);
        return new Rows(table, new Text(""), new Text("carveout map --board BOARD shows one of them"));
    }

    /// <summary>For each region: the bytes that nobody has, with zones counted as free, and the most whole pages in a row.</summary>
    public IRenderable Left(MemoryMap map) => Columns(["Region", ">Left", ">In a row", "From"],
    [
        .. Enumerable.Range(0, map.RegionCount).Select(map.RegionAt).OrderBy(region => region.Start).Select(region =>
        {
            uint page = (uint)map.PageSize;
            ulong bytes = 0, start = 0, longest = 0, from = 0;
            foreach (RegionPiece piece in RegionPiece.Of(map, region))
            {
                ulong end = (piece.Start + piece.Size) / page * page;
                if (piece.Owner is PieceOwner.Reserved or PieceOwner.AtFault)
                {
                    start = 0;
                    continue;
                }
                bytes += piece.Size;
                // Address 0 means failure.
                start = start == 0 ? Math.Max((piece.Start + page - 1) / page, 1) * page : start;
                if (end > start && end - start > longest)
                {
                    (longest, from) = (end - start, start);
                }
            }
            return ("default", new[]
            {
                region.Name, SizeText.Of((long)bytes), SizeText.Of((long)longest), longest == 0 ? "" : $"0x{from:x8}",
            });
        }),
    ]);

    private static Text Heading(MemoryMap map, List<(string Name, IReadOnlyList<RegionPiece> Pieces)> bars)
    {
        long left = TotalSize(bars.SelectMany(bar => bar.Pieces).Where(piece => piece.Owner == PieceOwner.Unassigned));
        return new Text($"{map.Name}: {SizeText.Of(TotalSize(map))} in {CountText.Of(map.RegionCount, "region")}, "
            + $"pages of {SizeText.Of(map.PageSize)}, {SizeText.Of(left)} unassigned");
    }

    private static string Zones(MemoryMap map) =>
        string.Join(", ", Enumerable.Range(0, map.ZoneCount).Select(map.ZoneAt).Select(zone => $"{zone.Name} {SizeText.Of(zone.Size)}"));

    private MapUnwrapped Table(MemoryMap map) => Columns(["Name", "Start", "End", ">Size", "Kind", "DMA", ">Cache", "Pages"],
    [
        .. MapRow.Of(map).Select(row => (
            row.Owner is null ? "bold" : MapLook.Colour(row.Inside ? row.Owner.Value : PieceOwner.AtFault),
            new[]
            {
                (row.Inside ? "  " : "") + row.Name, HexText.Of(row.Start), row.Size == 0 ? "" : $"0x{(ulong)row.Start + row.Size - 1:x8}",
                SizeText.Of(row.Size), row.Kind, row.Engines, row.CacheLine, row.Pages,
            })),
    ]);

    private IEnumerable<IRenderable> Picture(List<(string Name, IReadOnlyList<RegionPiece> Pieces)> bars)
    {
        string[] sizes = [.. bars.Select(bar => SizeText.Of(TotalSize(bar.Pieces)))];
        int nameWidth = bars.Select(bar => bar.Name.GetCellWidth()).DefaultIfEmpty().Max();
        int sizeWidth = sizes.Select(size => size.Length).DefaultIfEmpty().Max();
        int width = Math.Max(NarrowestBar, Math.Min(screen.Width, WidestPicture) - nameWidth - sizeWidth - 4);
        for (int i = 0; i < bars.Count; i++)
        {
            string name = bars[i].Name + new string(' ', nameWidth - bars[i].Name.GetCellWidth());
            string cells = string.Concat(MapBar.Draw(bars[i].Pieces, width, _look).Select(Coloured));
            yield return new MapUnwrapped(new Markup($"[bold]{Markup.Escape(name)}[/]  {cells}  {sizes[i].PadLeft(sizeWidth)}"));
        }
        IEnumerable<string> legend = bars.SelectMany(bar => bar.Pieces).Select(piece => piece.Owner).Distinct().Order()
            .Select(owner => $"{Coloured((new string(_look.Fill(owner), 2), owner))} {MapLook.Name(owner)}");
        yield return new Markup(string.Join("  ", bars.Count > 1 ? legend.Append("each to its own scale") : legend));
    }

    private static IEnumerable<IRenderable> Verdict(MemoryMap map, MapFault[] faults)
    {
        string[] warnings = MapWarning.Of(map, faults), lines = faults.Length == 0 ? warnings : [.. faults.Select(fault => fault.Text)];
        string colour = faults.Length > 0 ? "red" : warnings.Length > 0 ? "yellow" : "green";
        string verdict = Verdict(faults, warnings) + (lines.Length == 0 ? "" : ":");
        return lines.Select(line => new Text(line)).Prepend<IRenderable>(new Markup($"[{colour}]{verdict}[/]"));
    }

    private static string Verdict(MapFault[] faults, string[] warnings) =>
        (faults.Length == 0 ? "no faults" : CountText.Of(faults.Length, "fault"))
        + (warnings.Length == 0 ? "" : ", " + CountText.Of(warnings.Length, "warning"));

    /// <summary>A table with a line under its head. If a column's name begins with &gt;, it is aligned to the right.</summary>
    private MapUnwrapped Columns(string[] heads, (string Style, string[] Cells)[] lines)
    {
        Table table = new Table().Border(TableBorder.None);
        const int RoomForWideGaps = 100;
        int gap = screen.Width >= RoomForWideGaps ? 2 : 1;
        string[] rules = new string[heads.Length];
        for (int i = 0; i < heads.Length; i++)
        {
            string name = heads[i].TrimStart('>');
            table.AddColumn(new TableColumn(new Text(name))
            {
                Alignment = name == heads[i] ? Justify.Left : Justify.Right,
                Padding = new Padding(0, 0, i == heads.Length - 1 ? 0 : gap, 0),
            });
            rules[i] = new string(_look.Line, lines.Select(line => line.Cells[i].GetCellWidth()).Append(name.Length).Max());
        }
        foreach ((string style, string[] cells) in lines.Prepend(("grey", rules)))
        {
            table.AddRow(cells.Select(cell => new Text(cell, Style.Parse(style))));
        }
        return new MapUnwrapped(table);
    }

    private static string Coloured((string Text, PieceOwner Owner) span) => $"[{MapLook.Colour(span.Owner)}]{Markup.Escape(span.Text)}[/]";

    private static long TotalSize(IEnumerable<RegionPiece> pieces) => pieces.Sum(piece => (long)piece.Size);

    private static long TotalSize(MemoryMap map) => Enumerable.Range(0, map.RegionCount).Sum(i => (long)map.RegionAt(i).Size);
}
