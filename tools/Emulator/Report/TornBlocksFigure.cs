using System.Text;
using Carveout.Diagnostics;
using Carveout.Emulator.Investigation;

namespace Carveout.Emulator.Report;

/// <summary>The blocks that a few pages made unusable for a failing request: a row for each block, a cell for each page.</summary>
internal static class TornBlocksFigure
{
    /// <summary>The most rows, since further rows show nothing new.</summary>
    private const int MostRows = 24, RowHeight = 4;

    /// <summary>The figure, with its legend.</summary>
    public static string Of(RunPicture run, TornBlocks torn, OwnerLook look)
    {
        TornBlock[] shown = [.. torn.Blocks.Take(MostRows)];
        Plot plot = new Plot("The torn blocks, and who has pages in them").As("torn").Cells(torn.BlockPages, shown.Length * RowHeight);
        var paths = new SortedDictionary<string, StringBuilder>(StringComparer.Ordinal);
        for (int row = 0; row < shown.Length; row++)
        {
            plot.Fill("free", $"M0 {row * RowHeight}h{torn.BlockPages}v3h-{torn.BlockPages}z");
            IReadOnlyList<short> owners = shown[row].Owners;
            for (int page = 0; page < owners.Count;)
            {
                int first = page;
                while (page < owners.Count && owners[page] == owners[first])
                {
                    page++;
                }
                if (owners[first] >= 0)
                {
                    string classes = look.Class(owners[first]);
                    if (!paths.TryGetValue(classes, out StringBuilder? path))
                    {
                        paths[classes] = path = new StringBuilder();
                    }
                    path.Append($"M{first} {row * RowHeight}h{page - first}v3h-{page - first}z");
                }
            }
        }
        foreach ((string classes, StringBuilder path) in paths)
        {
            plot.Fill(classes, path.ToString());
        }
        plot.Line("wanted", [(torn.WantedPages, 0), (torn.WantedPages, shown.Length * RowHeight)]);
        long pageSize = run.PageSize;
        string what = run.Movie < 0 ? "the request" : run.WantedName;
        plot.Column(0, "0")
            .Column((double)torn.WantedPages / torn.BlockPages, $"{what} ends: {SizeText.Of(torn.WantedPages * pageSize)}")
            .Column(1, SizeText.Of(torn.BlockPages * pageSize));
        IEnumerable<int> owning = shown.SelectMany(block => block.Owners).Where(owner => owner >= 0).Distinct().Order().Select(owner => (int)owner);
        return plot + look.Legend(owning, ("free", "free"));
    }
}
