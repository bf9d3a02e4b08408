using System.Reflection;

[assembly: AssemblyTitle("Carveout")]
[assembly: AssemblyDescription("Carveout: a memory manager that lives on the device")]
