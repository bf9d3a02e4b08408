namespace Carveout.Emulator.Diagnosis;

/// <summary>What one dump, or one line that tells of memory, says: the same for every system.</summary>
internal sealed class Dump(string format, MemorySystem system, DumpLine first)
{
    /// <summary>The format's name, as users know it.</summary>
    public string Format { get; } = format;

    /// <summary>Whose memory.</summary>
    public MemorySystem System { get; } = system;

    /// <summary>Where it begins.</summary>
    public DumpPlace Place { get; } = first.Place;

    /// <summary>When it was printed.</summary>
    public double? Seconds { get; } = first.Seconds;

    /// <summary>What was refused; null: nothing in this dump was.</summary>
    public MemoryRequest? Request { get; set; }

    /// <summary>The memory there is.</summary>
    public List<MemoryArea> Areas { get; } = [];

    /// <summary>Who has it.</summary>
    public List<Holder> Holders { get; } = [];

    /// <summary>What the dump says outright, such as that a heap is corrupt.</summary>
    public List<(Cause Cause, string Words)> Signs { get; } = [];

    /// <summary>Facts that belong to a verdict, such as who else is named.</summary>
    public List<string> Facts { get; } = [];

    /// <summary>What is missing or contradicts itself, so that nobody trusts a wrong number.</summary>
    public List<string> Damage { get; } = [];

    /// <summary>What was said just before it, such as which call was over; empty where nothing was.</summary>
    public string Label { get; set; } = "";

    /// <summary>The area of a name, made where there is none.</summary>
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
