using System.Reflection;

[assembly: AssemblyTitle("Carveout.Watch")]
[assembly: AssemblyDescription("Carveout: what watches pages")]
