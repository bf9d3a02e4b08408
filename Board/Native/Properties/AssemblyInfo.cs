using System.Reflection;

[assembly: AssemblyTitle("Carveout.Native")]
[assembly: AssemblyDescription("Carveout: the region that firmware keeps from the runtime")]
[assembly: AssemblyCompany("The Carveout authors")]
[assembly: AssemblyProduct("Carveout")]
[assembly: AssemblyCopyright("Copyright © 2026 The Carveout authors")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]
