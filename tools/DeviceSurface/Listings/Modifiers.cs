namespace Carveout.DeviceSurface;

/// <summary>The words in front of a declaration. Their names in lower case are the words themselves.</summary>
[Flags]
internal enum Modifiers
{
    None = 0,
    Static = 1 << 0,
    Abstract = 1 << 1,
    Sealed = 1 << 2,
    ReadOnly = 1 << 3,
    Ref = 1 << 4,
    Protected = 1 << 5,
    Virtual = 1 << 6,
    Override = 1 << 7,
    Const = 1 << 8,
    Event = 1 << 9,
}
