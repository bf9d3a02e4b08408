using System.Reflection;

[assembly: AssemblyTitle("Carveout.Virtual.Tests")]
