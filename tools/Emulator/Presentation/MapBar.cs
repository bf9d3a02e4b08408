using System.Text;
using Carveout.Emulator.Maps;

namespace Carveout.Emulator.Presentation;

/// <summary>A region drawn to scale in one line of cells.</summary>
internal static class MapBar
{
    /// <summary>Gives each piece a number of cells.</summary>
    /// <param name="sizes">Bytes of the pieces, each above 0.</param>
    /// <param name="width">Cells in all, above 0.</param>
    /// <returns>Cells whose sum is the width, each within one of the exact share.</returns>
    /// <remarks>Every share is rounded down or up. The cells that rounding down leaves over go first to pieces that would otherwise vanish,
    /// then to the largest remainders: a frame buffer of half a cell matters more to the reader than the last half cell of a
    /// heap.</remarks>
    public static int[] Apportion(IReadOnlyList<ulong> sizes, int width)
    {
        decimal total = sizes.Sum(size => (decimal)size);
        decimal[] exact = [.. sizes.Select(size => (decimal)size * width / total)];
        int[] cells = [.. exact.Select(share => (int)share)];
        int left = width - cells.Sum();
        IEnumerable<int> byNeed = Enumerable.Range(0, cells.Length)
            .OrderByDescending(i => cells[i] == 0)
            .ThenByDescending(i => exact[i] - cells[i]);
        foreach (int i in byNeed.Take(left).ToArray())
        {
            cells[i]++;
        }
        return cells;
    }

    /// <summary>Draws the pieces of one region as spans of characters.</summary>
    /// <param name="pieces">All of the region, in order of address.</param>
    /// <param name="width">Cells in all, above 0.</param>
    /// <param name="look">The look of the pieces.</param>
    public static IReadOnlyList<(string Text, PieceOwner Owner)> Draw(IReadOnlyList<RegionPiece> pieces, int width, MapLook look)
    {
        int[] cells = Apportion([.. pieces.Select(piece => piece.Size)], width);
        var spans = new List<(string Text, PieceOwner Owner)>();
        for (int i = 0; i < cells.Length; i++)
        {
            if (cells[i] > 0)
            {
                bool sameAsLast = spans.Count > 0 && spans[^1].Owner == pieces[i].Owner;
                spans.Add((Fill(pieces[i], cells[i], sameAsLast, look), pieces[i].Owner));
            }
        }
        return spans;
    }

    /// <summary>A piece's characters: its owner's character, its name in the middle if there is room on both sides, and a border if the
    /// piece before it looks the same.</summary>
    private static string Fill(RegionPiece piece, int cells, bool border, MapLook look)
    {
        var text = new StringBuilder(new string(look.Fill(piece.Owner), cells));
        string label = $" {piece.Name} ";
        // Characters of other scripts may be two cells wide, so only ASCII names stand in the bar.
        if (label.Length + 2 <= cells && piece.Name.All(char.IsAscii))
        {
            int at = (cells - label.Length) / 2;
            text.Remove(at, label.Length).Insert(at, label);
        }
        if (border)
        {
            text[0] = look.Border;
        }
        return text.ToString();
    }
}
