using System.Net;
using System.Text;

namespace Carveout.Emulator.Report;

/// <summary>A figure: a picture that stretches to any width, with words around it that keep their size.</summary>
/// <remarks>The picture is inline SVG of <see cref="Width"/> by <see cref="Height"/> units without text. Ticks and labels are HTML, placed
/// in per cent, because text in a picture would shrink with it on a phone.</remarks>
internal sealed class Plot(string label)
{
    /// <summary>Units of the picture's sides.</summary>
    public const int Width = 1000, Height = 400;

    private readonly StringBuilder _shapes = new(), _rows = new(), _columns = new(), _notes = new();
    private int _unitsWide = Width, _unitsHigh = Height;
    private string _kind = "";

    /// <summary>Escapes text for HTML.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(PrintedText.Of(text));

    /// <summary>Writes a number for a coordinate or a style: at most one decimal, never a comma.</summary>
    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Sets another CSS class for the picture's box, which has its height.</summary>
    public Plot As(string kind)
    {
        _kind = " " + kind;
        return this;
    }

    /// <summary>Sets another size in units, for pictures made of cells.</summary>
    public Plot Cells(int wide, int high)
    {
        (_unitsWide, _unitsHigh) = (wide, high);
        return this;
    }

    /// <summary>Fills an outline, given as SVG path data.</summary>
    public Plot Fill(string classes, string path)
    {
        _shapes.Append($"<path class=\"{classes}\" d=\"{path}\"/>");
        return this;
    }

    /// <summary>Draws a line through points.</summary>
    public Plot Line(string classes, IEnumerable<(double X, double Y)> points)
    {
        _shapes.Append($"<polyline class=\"line {classes}\" points=\"")
            .AppendJoin(' ', points.Select(point => $"{Number(point.X)},{Number(point.Y)}")).Append("\"/>");
        return this;
    }

    /// <summary>Draws a tick on the left and a line across the picture.</summary>
    /// <param name="share">0 at the bottom, 1 at the top.</param>
    /// <param name="text">The label.</param>
    public Plot Row(double share, string text)
    {
        _rows.Append($"<span style=\"bottom:{Number(100 * share)}%\">{Escape(text)}</span>");
        string y = Number((1 - share) * _unitsHigh);
        _shapes.Append($"<path class=\"grid\" d=\"M0 {y}H{_unitsWide}\"/>");
        return this;
    }

    /// <summary>Draws a tick on the left without a line.</summary>
    public Plot Name(double share, string text)
    {
        _rows.Append($"<span style=\"bottom:{Number(100 * share)}%\">{Escape(text)}</span>");
        return this;
    }

    /// <summary>Draws a tick below the picture.</summary>
    /// <param name="share">0 at the left, 1 at the right.</param>
    /// <param name="text">The label.</param>
    public Plot Column(double share, string text)
    {
        string edge = share < 0.05 ? " class=\"first\"" : share > 0.95 ? " class=\"last\"" : "";
        _columns.Append($"<span{edge} style=\"left:{Number(100 * share)}%\">{Escape(text)}</span>");
        return this;
    }

    /// <summary>Writes words into the picture, with their lower left corner at a place.</summary>
    public Plot Note(double share, string text, string classes)
    {
        _notes.Append($"<span class=\"{classes}\" style=\"bottom:{Number(100 * share)}%\">{Escape(text)}</span>");
        return this;
    }

    /// <summary>The figure's HTML.</summary>
    public override string ToString() =>
        $"<div class=\"plot{_kind}\" role=\"img\" aria-label=\"{Escape(label)}\"><div class=\"rows\">{_rows}</div><div class=\"box\">"
        + $"<svg viewBox=\"0 0 {_unitsWide} {_unitsHigh}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{_shapes}</svg>{_notes}</div>"
        + $"<div class=\"columns\">{_columns}</div></div>\n";
}
