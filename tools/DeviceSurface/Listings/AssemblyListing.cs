namespace Carveout.DeviceSurface;

/// <summary>The public surface of one assembly: one file of the listings.</summary>
/// <param name="Name">The assembly's name, which is also the file's.</param>
/// <param name="Source">The file's bytes: the identity of the reference assembly derives from them.</param>
/// <param name="Types">In the order of the file.</param>
internal sealed record AssemblyListing(string Name, byte[] Source, IReadOnlyList<TypeDeclaration> Types);
