using System.Reflection;

[assembly: AssemblyTitle("OwnBoard")]
