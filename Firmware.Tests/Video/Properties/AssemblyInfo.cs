using System.Reflection;

[assembly: AssemblyTitle("Carveout.Video.Tests")]
