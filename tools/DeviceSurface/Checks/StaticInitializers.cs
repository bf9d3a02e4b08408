using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Carveout.DeviceSurface;

/// <summary>Refuses initializers of static fields that allocate.</summary>
/// <remarks>
/// All of them run before Main. If one runs out of memory, its fields stay null, and nobody is told. Test classes may have such
/// initializers, because a test that finds null fails. The compiler's caches of lambdas are allowed, too.
/// </remarks>
internal static class StaticInitializers
{
    private const string Problem =
        "the initializer of a static field allocates: where memory runs out the field stays null without a word; allocate where an exception is seen";

    public static void Check(ModuleDefinition module, FindingList findings)
    {
        foreach (var type in module.GetTypes().Where(t => !t.Name.StartsWith('<') && !TestCheck.IsInTestClass(t)))
        {
            foreach (var method in type.Methods.Where(m => m is { IsConstructor: true, IsStatic: true, HasBody: true }))
            {
                foreach (var instruction in method.Body.Instructions.Where(i => i.OpCode.Code is Code.Newobj or Code.Newarr or Code.Box))
                {
                    findings.Add(method, instruction.Offset, FindingCode.StaticAllocation, Problem);
                }
            }
        }
    }
}
