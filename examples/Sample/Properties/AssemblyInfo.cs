using System.Reflection;

[assembly: AssemblyTitle("Sample")]
[assembly: AssemblyDescription("Carveout in ten lines")]
