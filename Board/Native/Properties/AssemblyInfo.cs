using System.Reflection;

[assembly: AssemblyTitle("Carveout.Native")]
[assembly: AssemblyDescription("Carveout: the region that firmware keeps from the runtime")]
