using System.Reflection;

[assembly: AssemblyTitle("Carveout.Frames")]
[assembly: AssemblyDescription("Carveout: frames and pools of them")]
