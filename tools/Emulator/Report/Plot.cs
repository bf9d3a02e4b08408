using System.Net;
using System.Text;

namespace Carveout.Emulator.Report;

/// <summary>A figure: a picture that stretches to any width, and words around it that stay as large as they are.</summary>
/// <remarks>The picture is inline SVG of <see cref="Width"/> by <see cref="Height"/> units without text; ticks and labels are HTML, placed in
/// per cent, since text in a picture would shrink with it on a phone.</remarks>
internal sealed class Plot(string label)
{
    /// <summary>Units of the picture's sides.</summary>
    public const int Width = 1000, Height = 400;

    private readonly StringBuilder _shapes = new(), _rows = new(), _columns = new(), _notes = new();
    private int _unitsWide = Width, _unitsHigh = Height;
    private string _kind = "";

    /// <summary>Words as HTML.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(PrintedText.Of(text));

    /// <summary>A number for a coordinate or a style: at most one decimal, never a comma.</summary>
    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Another class for the picture's box, for its height.</summary>
    public Plot As(string kind)
    {
        _kind = " " + kind;
        return this;
    }

    /// <summary>Another size in units, for pictures made of cells.</summary>
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

    /// <summary>A line through points.</summary>
    public Plot Line(string classes, IEnumerable<(double X, double Y)> points)
    {
        _shapes.Append($"<polyline class=\"line {classes}\" points=\"")
            .AppendJoin(' ', points.Select(point => $"{Number(point.X)},{Number(point.Y)}")).Append("\"/>");
        return this;
    }

    /// <summary>A tick on the left and a line across the picture.</summary>
    /// <param name="share">0 at the bottom, 1 at the top.</param>
    /// <param name="text">What it says.</param>
    public Plot Row(double share, string text)
    {
        _rows.Append($"<span style=\"bottom:{Number(100 * share)}%\">{Escape(text)}</span>");
        string y = Number((1 - share) * _unitsHigh);
        _shapes.Append($"<path class=\"grid\" d=\"M0 {y}H{_unitsWide}\"/>");
        return this;
    }

    /// <summary>A tick on the left and no line.</summary>
    public Plot Name(double share, string text)
    {
        _rows.Append($"<span style=\"bottom:{Number(100 * share)}%\">{Escape(text)}</span>");
        return this;
    }

    /// <summary>A tick below.</summary>
    /// <param name="share">0 at the left, 1 at the right.</param>
    /// <param name="text">What it says.</param>
    public Plot Column(double share, string text)
    {
        string edge = share < 0.05 ? " class=\"first\"" : share > 0.95 ? " class=\"last\"" : "";
        _columns.Append($"<span{edge} style=\"left:{Number(100 * share)}%\">{Escape(text)}</span>");
        return this;
    }

    /// <summary>Words in the picture, their lower left corner at a place.</summary>
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
