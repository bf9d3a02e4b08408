using Carveout.Emulator.Investigation;
using Carveout.Emulator.Scenario;

namespace Carveout.Emulator.Report;

/// <summary>Which colour an owner has throughout a report: red whoever is accused, green the movie, others what is left.</summary>
internal sealed class OwnerLook
{
    private const int Others = 4;

    private readonly string[] _classes;
    private readonly IReadOnlyList<string> _names;

    /// <summary>The colours of one run.</summary>
    public OwnerLook(RunFinding run)
    {
        _names = run.OwnerNames;
        _classes = new string[_names.Count];
        int other = 0;
        for (int owner = 0; owner < _classes.Length; owner++)
        {
            bool accused = run.Suspects.Any(suspect => suspect.Owner == owner);
            // Owner 0 is nobody in particular and mostly has nothing: it takes the last colour.
            _classes[owner] = accused ? "bad"
                : _names[owner] == PlayRun.MovieOwner ? "good"
                : owner == 0 ? $"other{Others}"
                : $"other{other++ % Others}";
        }
    }

    /// <summary>The class of an owner's marks.</summary>
    public string Class(int owner) => _classes[owner];

    /// <summary>What the colours stand for.</summary>
    /// <param name="owners">Those that the figure shows.</param>
    /// <param name="more">What else it shows: class and words.</param>
    public string Legend(IEnumerable<int> owners, params (string Class, string Text)[] more) =>
        Legend([.. owners.Select(owner => (_classes[owner], _names[owner])), .. more]);

    /// <summary>What colours stand for.</summary>
    public static string Legend(params (string Class, string Text)[] entries) =>
        "<ul class=\"legend\">"
        + string.Concat(entries.Select(entry => $"<li><i class=\"{entry.Class}\"></i>{Plot.Escape(entry.Text)}</li>")) + "</ul>\n";
}
