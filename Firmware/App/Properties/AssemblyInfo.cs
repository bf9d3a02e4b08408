using System.Reflection;

[assembly: AssemblyTitle("Carveout.App")]
[assembly: AssemblyDescription("Carveout: the deployable application")]
[assembly: AssemblyCompany("The Carveout authors")]
[assembly: AssemblyProduct("Carveout")]
[assembly: AssemblyCopyright("Copyright © 2026 The Carveout authors")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]
