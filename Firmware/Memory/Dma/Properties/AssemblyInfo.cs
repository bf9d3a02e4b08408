using System.Reflection;

[assembly: AssemblyTitle("Carveout.Dma")]
[assembly: AssemblyDescription("Carveout: DMA, reserved and virtual memory")]
