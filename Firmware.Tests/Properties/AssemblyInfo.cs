using System.Reflection;

[assembly: AssemblyTitle("Carveout.Firmware.Tests")]
[assembly: AssemblyDescription("Carveout: the unit tests, for nanoFramework.TestFramework")]
