using System.Reflection;

[assembly: AssemblyTitle("Carveout.Movable")]
[assembly: AssemblyDescription("Carveout: memory that goes by handles")]
