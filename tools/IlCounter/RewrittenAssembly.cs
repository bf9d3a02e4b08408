namespace Carveout.IlCounter;

/// <summary>One instrumented assembly.</summary>
/// <param name="Name">Its simple name, which is the original's, so that references to it stay valid.</param>
/// <param name="FileName">The file name of the original, without folders.</param>
/// <param name="Image">The bytes of the instrumented assembly.</param>
/// <param name="Methods">The static sizes of the original bodies, in the order of the metadata.</param>
public sealed record RewrittenAssembly(string Name, string FileName, byte[] Image, IReadOnlyList<MethodSize> Methods);
