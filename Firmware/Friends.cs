using System.Runtime.CompilerServices;

// Which library shows its internals to which: to those above it that are cut from the same cloth, and to no tool. This is the only list;
// tools/Emulator.Tests compares it with what the assemblies say.
#if CARVEOUT_PAGES
[assembly: InternalsVisibleTo("Carveout.Watch")]
[assembly: InternalsVisibleTo("Carveout.Slab")]
[assembly: InternalsVisibleTo("Carveout.Movable")]
[assembly: InternalsVisibleTo("Carveout.Dma")]
[assembly: InternalsVisibleTo("Carveout.Frames")]
[assembly: InternalsVisibleTo("Carveout.Video")]
#elif CARVEOUT_WATCH
[assembly: InternalsVisibleTo("Carveout.Slab")]
[assembly: InternalsVisibleTo("Carveout.Dma")]
#elif CARVEOUT_SLAB
[assembly: InternalsVisibleTo("Carveout.Dma")]
#elif CARVEOUT_DMA
[assembly: InternalsVisibleTo("Carveout.Video")]
#elif CARVEOUT_FRAMES
[assembly: InternalsVisibleTo("Carveout.Displays")]
#endif
