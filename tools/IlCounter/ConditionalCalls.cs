using System.Diagnostics;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Carveout.IlCounter;

/// <summary>Calls of methods with [Conditional] in their own assembly. Builds that define the symbol contain them, builds for the device do
/// not.</summary>
internal static class ConditionalCalls
{
    /// <summary>Removes them together with the instructions that load their arguments.</summary>
    /// <exception cref="InstrumentationException">An argument is more than a name, a number or a field of a name.</exception>
    public static void TakeOut(MethodBody body)
    {
        var code = body.Instructions;
        for (int i = code.Count - 1; i >= 0; i--)
        {
            if (!InstructionKinds.IsCall(code[i].OpCode.Code) || code[i].Operand is not MethodDefinition callee || !IsConditional(callee))
                continue;
            int first = FirstArgument(body, i, callee);
            var next = code[i + 1];
            foreach (var instruction in code)
            {
                if (instruction.Operand is Instruction target && code.IndexOf(target) is var at && at >= first && at <= i)
                    instruction.Operand = next;
            }
            for (; i >= first; i--)
                code.RemoveAt(i);
        }
    }

    private static bool IsConditional(MethodDefinition method) =>
        method.CustomAttributes.Any(attribute => attribute.AttributeType.FullName == typeof(ConditionalAttribute).FullName);

    private static int FirstArgument(MethodBody body, int call, MethodDefinition callee)
    {
        int missing = callee.Parameters.Count + (callee.HasThis ? 1 : 0), first = call;
        while (missing > 0)
        {
            var load = body.Instructions[--first];
            if (load.OpCode.Code == Code.Ldfld)
                continue;
            if (load.OpCode.StackBehaviourPop != StackBehaviour.Pop0 || load.OpCode.StackBehaviourPush == StackBehaviour.Push0)
                throw new InstrumentationException($"{body.Method.FullName}: {callee.Name} is conditional, and its arguments are more than names");
            missing--;
        }
        return first;
    }
}
