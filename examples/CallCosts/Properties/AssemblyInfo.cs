using System.Reflection;

[assembly: AssemblyTitle("CallCosts")]
