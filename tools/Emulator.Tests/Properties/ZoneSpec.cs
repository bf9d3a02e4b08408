namespace Carveout.Emulator.Tests.Properties;

/// <summary>A zone to be made.</summary>
internal sealed record ZoneSpec(string Name, ZoneKind Kind, uint Start, PageMapKind Map, int Pages)
{
    public Zone Create() => new(Name, Kind, Start, PageMap.Create(Map, Pages));
}
