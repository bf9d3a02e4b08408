using System.Reflection;

[assembly: AssemblyTitle("Carveout.Buses")]
[assembly: AssemblyDescription("Carveout: SPI and I2C wires to displays")]
