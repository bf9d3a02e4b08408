using System.Reflection;

[assembly: AssemblyTitle("Carveout.Buffers")]
[assembly: AssemblyDescription("Carveout: byte arrays in a pool")]
