using System.Reflection;

[assembly: AssemblyTitle("SlabCache")]
