using System.Reflection;

[assembly: AssemblyTitle("Carveout.Dma.Tests")]
