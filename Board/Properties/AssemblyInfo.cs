using System.Reflection;

[assembly: AssemblyTitle("Carveout.Board")]
[assembly: AssemblyDescription("Carveout: what the hardware is")]
