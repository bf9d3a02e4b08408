namespace Carveout.Emulator.Diagnosis;

/// <summary>The content of one dump, or of one line about memory, in the same form for every system.</summary>
internal sealed class Dump(string format, MemorySystem system, DumpLine first)
{
    /// <summary>The format's name for users.</summary>
    public string Format { get; } = format;

    /// <summary>The system whose memory it shows.</summary>
    public MemorySystem System { get; } = system;

    /// <summary>Where it begins.</summary>
    public DumpPlace Place { get; } = first.Place;

    /// <summary>When it was printed.</summary>
    public double? Seconds { get; } = first.Seconds;

    /// <summary>The request that was refused; null if none was.</summary>
    public MemoryRequest? Request { get; set; }

    /// <summary>The areas of memory.</summary>
    public List<MemoryArea> Areas { get; } = [];

    /// <summary>Who has memory.</summary>
    public List<Holder> Holders { get; } = [];

    /// <summary>Causes that the dump itself states, such as a corrupt heap.</summary>
    public List<(Cause Cause, string Words)> Signs { get; } = [];

    /// <summary>Facts for the verdict, such as other names in the dump.</summary>
    public List<string> Facts { get; } = [];

    /// <summary>What is missing or contradictory, so that nobody trusts a wrong number.</summary>
    public List<string> Damage { get; } = [];

    /// <summary>The line before the dump, such as which call had ended; empty if there is none.</summary>
    public string Label { get; set; } = "";

    /// <summary>The area with this name; a new one if there is none.</summary>
    public MemoryArea Area(string name, AreaKind kind)
    {
        MemoryArea? area = Areas.Find(one => one.Name == name && one.Kind == kind);
        if (area is null)
        {
            area = new MemoryArea(name, kind);
            Areas.Add(area);
        }
        return area;
    }
}
