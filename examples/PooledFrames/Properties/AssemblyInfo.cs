using System.Reflection;

[assembly: AssemblyTitle("PooledFrames")]
