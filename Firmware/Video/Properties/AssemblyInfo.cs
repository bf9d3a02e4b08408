using System.Reflection;

[assembly: AssemblyTitle("Carveout.Video")]
[assembly: AssemblyDescription("Carveout: buffer queues and the pipeline")]
