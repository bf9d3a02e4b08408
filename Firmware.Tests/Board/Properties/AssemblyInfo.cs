using System.Reflection;

[assembly: AssemblyTitle("Carveout.Board.Tests")]
