using System.Reflection;

[assembly: AssemblyTitle("Download")]
