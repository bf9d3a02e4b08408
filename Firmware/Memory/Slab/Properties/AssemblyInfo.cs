using System.Reflection;

[assembly: AssemblyTitle("Carveout.Slab")]
[assembly: AssemblyDescription("Carveout: slab caches, kmalloc and mempools")]
