using System.Reflection;

[assembly: AssemblyTitle("Carveout.BufferStreams")]
[assembly: AssemblyDescription("Carveout: a stream over pooled byte arrays")]
