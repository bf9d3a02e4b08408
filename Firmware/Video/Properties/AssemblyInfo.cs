using System.Reflection;

[assembly: AssemblyTitle("Carveout.Video")]
[assembly: AssemblyDescription("Carveout: queues, the pipeline and displays")]
