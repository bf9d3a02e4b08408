using System.Reflection;

[assembly: AssemblyTitle("Carveout")]
[assembly: AssemblyDescription("Carveout: a memory manager that lives on the device")]
[assembly: AssemblyCompany("The Carveout authors")]
[assembly: AssemblyProduct("Carveout")]
[assembly: AssemblyCopyright("Copyright © 2026 The Carveout authors")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]
