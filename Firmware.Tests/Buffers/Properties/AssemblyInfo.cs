using System.Reflection;

[assembly: AssemblyTitle("Carveout.Buffers.Tests")]
