using System.Reflection;

[assembly: AssemblyTitle("Carveout.Pages")]
[assembly: AssemblyDescription("Carveout: pages in zones, as the kernel has them")]
