using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Carveout.DeviceSurface;

/// <summary>Refuses counts of a type or method that do not fit into the byte that a .pe has for them. The metadata processor stops at too
/// many methods; every other number wraps around without a message.</summary>
internal static class ByteCounts
{
    public static void Check(ModuleDefinition module, FindingList findings)
    {
        foreach (var type in module.GetTypes())
        {
            var fields = type.Fields.Where(f => !f.HasConstant).ToList();
            CheckType(type, fields.Count(f => f.IsStatic), "static fields", findings);
            CheckType(type, fields.Count(f => !f.IsStatic), "instance fields", findings);
            CheckType(type, type.Methods.Count(m => m.IsStatic), "static methods", findings);
            CheckType(type, type.Methods.Count(m => m.IsVirtual), "virtual methods", findings);
            CheckType(type, type.Methods.Count(m => !m.IsStatic && !m.IsVirtual), "instance methods that are not virtual", findings);
            foreach (var method in type.Methods.Where(m => m.HasBody))
            {
                CheckMethod(method, 0, method.Body.ExceptionHandlers.Count, "catch and finally blocks", findings);
                foreach (var instruction in method.Body.Instructions.Where(i => i.OpCode.Code == Code.Switch))
                {
                    CheckMethod(method, instruction.Offset, ((Instruction[])instruction.Operand).Length, "cases of a switch", findings);
                }
            }
        }
    }

    private static void CheckType(TypeDefinition type, int count, string what, FindingList findings)
    {
        if (count > byte.MaxValue)
        {
            findings.Add(type, FindingCode.ByteCount, ": " + Problem(count, what));
        }
    }

    private static void CheckMethod(MethodDefinition method, int offset, int count, string what, FindingList findings)
    {
        if (count > byte.MaxValue)
        {
            findings.Add(method, offset, FindingCode.ByteCount, Problem(count, what));
        }
    }

    private static string Problem(int count, string what) => $"{count} {what}; a .pe counts them in a byte (at most {byte.MaxValue})";
}
