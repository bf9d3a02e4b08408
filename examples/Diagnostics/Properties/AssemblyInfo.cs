using System.Reflection;

[assembly: AssemblyTitle("Diagnostics")]
