using System.Reflection;

[assembly: AssemblyTitle("Carveout.Plans")]
[assembly: AssemblyDescription("Carveout: reservations that were planned")]
