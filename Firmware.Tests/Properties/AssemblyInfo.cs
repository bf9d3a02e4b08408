using System.Reflection;

[assembly: AssemblyTitle("Carveout.Firmware.Tests")]
[assembly: AssemblyDescription("Carveout: the unit tests, for nanoFramework.TestFramework")]
[assembly: AssemblyCompany("The Carveout authors")]
[assembly: AssemblyProduct("Carveout")]
[assembly: AssemblyCopyright("Copyright © 2026 The Carveout authors")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]
