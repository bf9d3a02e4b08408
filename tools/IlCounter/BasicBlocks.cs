using Mono.Cecil.Cil;

namespace Carveout.IlCounter;

/// <summary>Instructions of which all execute or none: from <paramref name="Start"/> up to, but not including, <paramref
/// name="End"/>.</summary>
internal readonly record struct BasicBlock(int Start, int End);

/// <summary>Cuts a method body into runs of instructions that can be counted together, at their start.</summary>
internal static class BasicBlocks
{
    /// <summary>The blocks in the order of the code. Together they contain every instruction once.</summary>
    /// <remarks>
    /// A block also ends behind every instruction that can throw. Textbook blocks do not: they would also count what follows a call or
    /// array access that threw, although it never ran. Here a count is exact at every call and in every handler.
    /// </remarks>
    /// <exception cref="InstrumentationException">A branch enters between a prefix and its instruction.</exception>
    public static List<BasicBlock> Find(MethodBody body)
    {
        var code = body.Instructions;
        var leaders = JumpTargets(body);
        for (int i = 1; i < code.Count; i++)
        {
            if (InstructionKinds.IsPrefix(code[i - 1]))
            {
                if (leaders.Contains(code[i]))
                    throw new InstrumentationException($"{body.Method.FullName}: a branch between a prefix and its instruction");
            }
            else if (EndsBlock(code[i - 1]))
            {
                leaders.Add(code[i]);
            }
        }

        var blocks = new List<BasicBlock>();
        int start = 0;
        for (int i = 1; i <= code.Count; i++)
        {
            if (i < code.Count && !leaders.Contains(code[i]))
                continue;
            blocks.Add(new BasicBlock(start, i));
            start = i;
        }
        return blocks;
    }

    private static HashSet<Instruction> JumpTargets(MethodBody body)
    {
        var targets = new HashSet<Instruction>();
        foreach (var instruction in body.Instructions)
        {
            if (instruction.Operand is Instruction target)
                targets.Add(target);
            else if (instruction.Operand is Instruction[] table)
                targets.UnionWith(table);
        }
        foreach (var handler in body.ExceptionHandlers)
        {
            // The runtime enters handlers and filters without a branch. Their ends need no mark, since nothing falls through into them.
            targets.Add(handler.TryStart);
            targets.Add(handler.HandlerStart);
            if (handler.FilterStart != null)
                targets.Add(handler.FilterStart);
        }
        return targets;
    }

    private static bool EndsBlock(Instruction instruction)
    {
        if (InstructionKinds.Transfers(instruction))
            return true;

        // "tail." requires ret right behind its call, so nothing may be inserted there.
        bool isTailCall = instruction.Previous is { OpCode.Code: Code.Tail };
        return !isTailCall && InstructionKinds.CanThrow(instruction);
    }
}
