namespace Carveout.IlCounter;

/// <summary>One instrumented assembly.</summary>
/// <param name="Name">Its simple name: that of the original, so that references to it still hold.</param>
/// <param name="FileName">The file name of the original, without folders.</param>
/// <param name="Image">The bytes of the instrumented assembly.</param>
/// <param name="Methods">The static sizes of the original bodies, in the order of the metadata.</param>
public sealed record RewrittenAssembly(string Name, string FileName, byte[] Image, IReadOnlyList<MethodSize> Methods);
