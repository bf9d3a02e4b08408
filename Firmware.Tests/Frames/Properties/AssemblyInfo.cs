using System.Reflection;

[assembly: AssemblyTitle("Carveout.Frames.Tests")]
