namespace Carveout.Emulator.Report;

/// <summary>The owners' colours throughout a report: red for accused owners, green for the movie, other colours for the rest.</summary>
internal sealed class OwnerLook
{
    /// <summary>How many other owners have a colour of their own; one more colour is for all further owners.</summary>
    private const int Others = 4;

    private readonly string[] _classes, _names;

    /// <summary>Chooses the colours of one run.</summary>
    public OwnerLook(RunPicture run)
    {
        _names = [.. run.OwnerNames];
        _classes = new string[_names.Length];
        int[] others = [.. Enumerable.Range(0, _names.Length).Where(IsOther)];
        if (others.Length > Others)
        {
            // The owners that have most at any time get their own colours, and all others share one.
            others = [.. others.OrderByDescending(owner => run.Growth.Max(sample => sample.OwnerBytes[owner])).Take(Others).Order()];
        }
        for (int owner = 0; owner < _names.Length; owner++)
        {
            int place = Array.IndexOf(others, owner);
            _classes[owner] = run.Accused.Contains(owner) ? "bad" : owner == run.Movie ? "good" : $"other{(place < 0 ? Others : place)}";
            _names[owner] = place < 0 && IsOther(owner) ? "others" : _names[owner];
        }

        bool IsOther(int owner) => owner != run.Nobody && owner != run.Movie && !run.Accused.Contains(owner);
    }

    /// <summary>The CSS class of an owner's marks.</summary>
    public string Class(int owner) => _classes[owner];

    /// <summary>The legend of a figure.</summary>
    /// <param name="owners">The owners in the figure.</param>
    /// <param name="more">What else it shows: class and words.</param>
    public string Legend(IEnumerable<int> owners, params (string Class, string Text)[] more) =>
        Legend([.. owners.Select(owner => (_classes[owner], _names[owner])).Distinct(), .. more]);

    /// <summary>The legend for classes and words.</summary>
    public static string Legend(params (string Class, string Text)[] entries) =>
        "<ul class=\"legend\">"
        + string.Concat(entries.Select(entry => $"<li><i class=\"{entry.Class}\"></i>{Plot.Escape(entry.Text)}</li>")) + "</ul>\n";
}
