using System.Reflection;

[assembly: AssemblyTitle("DmaTransfer")]
