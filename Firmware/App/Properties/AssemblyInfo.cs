using System.Reflection;

[assembly: AssemblyTitle("Carveout.App")]
[assembly: AssemblyDescription("Carveout: the deployable application")]
