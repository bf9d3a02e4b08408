namespace Carveout.Emulator.Tests.Mix;

/// <summary>The ways in which memory is handed out.</summary>
internal enum MixKind
{
    None,
    Pages,
    Bytes,
    Exact,
    Object,
    Constructed,
    Kmalloc,
    Vmalloc,
    Coherent,
    Noncoherent,
    Pooled,
    Descriptor,
    Element,
    PageElement,
    Ioremap,
}
