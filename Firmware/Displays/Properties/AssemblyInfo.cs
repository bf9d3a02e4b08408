using System.Reflection;

[assembly: AssemblyTitle("Carveout.Displays")]
[assembly: AssemblyDescription("Carveout: displays, and pictures for them")]
