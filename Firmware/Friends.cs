using System.Runtime.CompilerServices;

// Libraries show their internals only to libraries above them, and to the tests of internal types; never to a tool. There must be no other such
// list: tools/Emulator.Tests/Architecture checks this.
#if CARVEOUT_PAGES
[assembly: InternalsVisibleTo("Carveout.Watch")]
[assembly: InternalsVisibleTo("Carveout.Slab")]
[assembly: InternalsVisibleTo("Carveout.Movable")]
[assembly: InternalsVisibleTo("Carveout.Dma")]
[assembly: InternalsVisibleTo("Carveout.Frames")]
[assembly: InternalsVisibleTo("Carveout.Plans")]
[assembly: InternalsVisibleTo("Carveout.Video")]
[assembly: InternalsVisibleTo("Carveout.Emulator.Tests")] // The page maps.
#elif CARVEOUT_WATCH
[assembly: InternalsVisibleTo("Carveout.Slab")]
[assembly: InternalsVisibleTo("Carveout.Dma")]
#elif CARVEOUT_SLAB
[assembly: InternalsVisibleTo("Carveout.Dma")]
#elif CARVEOUT_DMA
[assembly: InternalsVisibleTo("Carveout.Video")]
[assembly: InternalsVisibleTo("Carveout.Virtual.Tests")] // Tlb.
[assembly: InternalsVisibleTo("NFUnitTest")] // The same on the device.
#elif CARVEOUT_FRAMES
[assembly: InternalsVisibleTo("Carveout.Plans")]
[assembly: InternalsVisibleTo("Carveout.Displays")]
#elif CARVEOUT_DISPLAYS
[assembly: InternalsVisibleTo("Carveout.Frames.Tests")] // LineScaler, PixelConverter, BayerDither.
[assembly: InternalsVisibleTo("NFUnitTest")] // The same on the device.
[assembly: InternalsVisibleTo("Carveout.Emulator.Tests")]
#elif CARVEOUT_NATIVE
[assembly: InternalsVisibleTo("Carveout.Emulator.Tests")] // On the host: the stand-in for the calls into firmware.
#endif
