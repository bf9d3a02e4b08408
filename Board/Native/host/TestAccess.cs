using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Carveout.Emulator.Tests")]
