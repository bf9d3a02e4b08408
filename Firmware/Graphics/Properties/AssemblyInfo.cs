using System.Reflection;

[assembly: AssemblyTitle("Carveout.Graphics")]
[assembly: AssemblyDescription("Carveout: frames on the screen of nanoFramework.Graphics")]
