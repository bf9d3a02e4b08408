using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Carveout.DeviceSurface;

/// <summary>Refuses <c>offset + length &gt; buffer.Length</c> in methods that copy, clear or slice arrays.</summary>
/// <remarks>
/// The sum of two large numbers is negative, so such a check lets them pass. The runtime's own check does the same sum, and then writes
/// outside of the array. Any comparison with a sum of two variable ints counts, anywhere in such a method, because IL does not tell whether
/// it guards the call. Sums with a constant, and sums of longs, do not count. The evaluation stack is followed from branch to branch only.
/// </remarks>
internal static class WrappingSums
{
    private const string Problem =
        "a sum that wraps for large numbers is compared, and the runtime checks no better: write 'offset < 0 || offset > buffer.Length - length'";

    private enum Kind
    {
        Other,
        Constant,
        Sum,
        Long,
    }

    public static void Check(ModuleDefinition module, FindingList findings)
    {
        foreach (var method in module.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody && m.Body.Instructions.Any(LeavesCheckToRuntime)))
        {
            Check(method, findings);
        }
    }

    /// <summary>Whether a call leaves the check of offset and length to the runtime. Overloads for a whole array take no such numbers.</summary>
    private static bool LeavesCheckToRuntime(Instruction instruction) => instruction.Operand is MethodReference method
        && (method.DeclaringType.FullName, method.Name) switch
        {
            ("System.Array", "Copy" or "Clear") => true,
            ("System.BitConverter", _) => method.Parameters.Count > 1,
            ("System.SpanByte", ".ctor") => method.Parameters.Count > 1,
            _ => false,
        };

    private static void Check(MethodDefinition method, FindingList findings)
    {
        var body = method.Body;
        var targets = body.Instructions
            .SelectMany(i => i.Operand switch { Instruction one => [one], Instruction[] several => several, _ => Array.Empty<Instruction>() })
            .ToHashSet();
        var stored = body.Instructions.Where(i => IsStore(i.OpCode.Code)).Select(i => Local(i, body)!).ToList();
        var sums = new HashSet<VariableDefinition>();
        var stack = new Stack<Kind>();
        foreach (var instruction in body.Instructions)
        {
            if (targets.Contains(instruction))
            {
                stack.Clear();
            }

            var operands = new Kind[Pops(instruction, stack.Count)];
            for (int i = 0; i < operands.Length; i++)
            {
                operands[i] = stack.TryPop(out var kind) ? kind : Kind.Other;
            }

            if (operands.Contains(Kind.Sum) && IsOrder(instruction.OpCode.Code))
            {
                findings.Add(method, instruction.Offset, FindingCode.WrappingSum, Problem);
            }

            bool pushesSum = false;
            if (Local(instruction, body) is { } local)
            {
                pushesSum = sums.Contains(local);
                // A local that is assigned several times is a counter.
                if (operands.Contains(Kind.Sum) && stored.Count(l => l == local) == 1)
                {
                    sums.Add(local);
                }
            }

            for (int i = Pushes(instruction); i > 0; i--)
            {
                stack.Push(pushesSum ? Kind.Sum : KindOf(instruction, operands, method));
            }
        }
    }

    private static Kind KindOf(Instruction instruction, Kind[] operands, MethodDefinition method)
    {
        var code = instruction.OpCode.Code;
        if (code == Code.Dup)
        {
            return operands[0];
        }

        if (code is Code.Ldc_I8 or Code.Conv_I8 or Code.Conv_U8 or Code.Ldelem_I8 or Code.Ldind_I8 || operands.Contains(Kind.Long) && IsArithmetic(code)
            || TypeOf(instruction, method) is { MetadataType: MetadataType.Int64 or MetadataType.UInt64 })
        {
            return Kind.Long;
        }

        if (code == Code.Add)
        {
            return operands.Contains(Kind.Constant) ? Kind.Other : Kind.Sum;
        }

        return code is >= Code.Ldc_I4_M1 and <= Code.Ldc_I4 ? Kind.Constant : Kind.Other;
    }

    private static bool IsArithmetic(Code code) => code is >= Code.Add and <= Code.Not;

    private static bool IsOrder(Code code) => code is >= Code.Bge_S and <= Code.Blt_S or >= Code.Bge_Un_S and <= Code.Blt_Un_S
        or >= Code.Bge and <= Code.Blt or >= Code.Bge_Un and <= Code.Blt_Un or >= Code.Cgt and <= Code.Clt_Un;

    private static bool IsStore(Code code) => code is >= Code.Stloc_0 and <= Code.Stloc_3 or Code.Stloc or Code.Stloc_S;

    private static VariableDefinition? Local(Instruction instruction, MethodBody body) => instruction.OpCode.Code switch
    {
        var code and >= Code.Ldloc_0 and <= Code.Ldloc_3 => body.Variables[code - Code.Ldloc_0],
        var code and >= Code.Stloc_0 and <= Code.Stloc_3 => body.Variables[code - Code.Stloc_0],
        Code.Ldloc or Code.Ldloc_S or Code.Stloc or Code.Stloc_S => (VariableDefinition)instruction.Operand,
        _ => null,
    };

    private static TypeReference? TypeOf(Instruction instruction, MethodDefinition method) => instruction.Operand switch
    {
        MethodReference called => called.ReturnType,
        FieldReference field => field.FieldType,
        ParameterDefinition parameter => parameter.ParameterType,
        _ when Local(instruction, method.Body) is { } local => local.VariableType,
        _ when instruction.OpCode.Code is var code and >= Code.Ldarg_0 and <= Code.Ldarg_3 =>
            method.Parameters.ElementAtOrDefault(code - Code.Ldarg_0 - (method.HasThis ? 1 : 0))?.ParameterType,
        _ => null,
    };

    /// <summary>The name of a stack behaviour has a part for each value, such as Popref_popi_popi.</summary>
    private static int Pops(Instruction instruction, int depth) => instruction.OpCode.StackBehaviourPop switch
    {
        StackBehaviour.Pop0 => 0,
        StackBehaviour.PopAll => depth,
        StackBehaviour.Varpop when instruction.Operand is MethodReference called =>
            called.Parameters.Count + (called.HasThis && instruction.OpCode.Code != Code.Newobj ? 1 : 0),
        StackBehaviour.Varpop => depth,
        var behaviour => behaviour.ToString().Split('_').Length,
    };

    private static int Pushes(Instruction instruction) => instruction.OpCode.StackBehaviourPush switch
    {
        StackBehaviour.Push0 => 0,
        StackBehaviour.Push1_push1 => 2,
        StackBehaviour.Varpush => instruction.Operand is MethodReference { ReturnType.MetadataType: MetadataType.Void } ? 0 : 1,
        _ => 1,
    };
}
