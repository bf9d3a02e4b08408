using System.Reflection;

[assembly: AssemblyTitle("Carveout.Slab.Tests")]
