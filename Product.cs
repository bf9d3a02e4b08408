using System.Reflection;

// In every assembly of the device. The version is written here and nowhere else: Directory.Build.props reads it for the tools and packages.
[assembly: AssemblyCompany("The Carveout authors")]
[assembly: AssemblyProduct("Carveout")]
[assembly: AssemblyCopyright("Copyright © 2026 The Carveout authors")]
[assembly: AssemblyVersion("0.1.0")]
[assembly: AssemblyFileVersion("0.1.0")]
[assembly: AssemblyInformationalVersion("0.1.0")]
