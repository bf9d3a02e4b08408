using System.Reflection;

[assembly: AssemblyTitle("Carveout.Pages.Tests")]
