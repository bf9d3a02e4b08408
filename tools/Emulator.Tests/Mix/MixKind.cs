namespace Carveout.Emulator.Tests.Mix;

/// <summary>The kinds of memory.</summary>
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
