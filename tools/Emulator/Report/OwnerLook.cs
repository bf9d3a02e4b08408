namespace Carveout.Emulator.Report;

/// <summary>Which colour an owner has throughout a report: red whoever is accused, green the movie, others what is left.</summary>
internal sealed class OwnerLook
{
    /// <summary>Colours of those who are nobody in particular; there is one more for all who get none.</summary>
    private const int Others = 4;

    private readonly string[] _classes, _names;

    /// <summary>The colours of one run.</summary>
    public OwnerLook(RunPicture run)
    {
        _names = [.. run.OwnerNames];
        _classes = new string[_names.Length];
        int[] others = [.. Enumerable.Range(0, _names.Length).Where(IsOther)];
        if (others.Length > Others)
        {
            // Those who have the most at any time; one colour for all others.
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

    /// <summary>The class of an owner's marks.</summary>
    public string Class(int owner) => _classes[owner];

    /// <summary>What the colours stand for.</summary>
    /// <param name="owners">Those that the figure shows.</param>
    /// <param name="more">What else it shows: class and words.</param>
    public string Legend(IEnumerable<int> owners, params (string Class, string Text)[] more) =>
        Legend([.. owners.Select(owner => (_classes[owner], _names[owner])).Distinct(), .. more]);

    /// <summary>What colours stand for.</summary>
    public static string Legend(params (string Class, string Text)[] entries) =>
        "<ul class=\"legend\">"
        + string.Concat(entries.Select(entry => $"<li><i class=\"{entry.Class}\"></i>{Plot.Escape(entry.Text)}</li>")) + "</ul>\n";
}
