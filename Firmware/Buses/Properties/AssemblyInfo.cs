using System.Reflection;

[assembly: AssemblyTitle("Carveout.Buses")]
[assembly: AssemblyDescription("Carveout: SPI and I2C wires to displays")]
[assembly: AssemblyCompany("The Carveout authors")]
[assembly: AssemblyProduct("Carveout")]
[assembly: AssemblyCopyright("Copyright © 2026 The Carveout authors")]
[assembly: AssemblyVersion("0.1.0.0")]
[assembly: AssemblyFileVersion("0.1.0.0")]
