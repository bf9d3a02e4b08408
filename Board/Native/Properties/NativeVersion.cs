using System.Reflection;

// What firmware must have: it goes up with the signatures in NativeMethods.cs, together with interop/Carveout_Native.cpp.
[assembly: AssemblyNativeVersion("100.0.0.2")]
