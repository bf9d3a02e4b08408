namespace Carveout.IlCounter;

/// <summary>The static size of one method body before it was instrumented.</summary>
/// <param name="Method">Type, name and parameter types, for example <c>Sample.Loops.Sum(Int32[])</c>.</param>
/// <param name="Instructions">IL instructions in the body, each counted once however often it runs.</param>
/// <param name="Bytes">IL bytes in the body, without its header and exception table.</param>
public sealed record MethodSize(string Method, int Instructions, int Bytes);
