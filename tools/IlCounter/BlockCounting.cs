using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Carveout.IlCounter;

/// <summary>Inserts the counting code into a method body.</summary>
internal static class BlockCounting
{
    /// <summary>Adds the counts of each basic block at its start. Results, handlers and exceptions stay as they were.</summary>
    /// <exception cref="InstrumentationException">A branch enters between a prefix and its instruction.</exception>
    public static void Insert(MethodBody body, CounterFields counters)
    {
        // The inserted code moves targets beyond a short branch's 127 bytes. Widen all branches, and shorten those that still fit
        // afterwards.
        body.SimplifyMacros();
        var blocks = BasicBlocks.Find(body);

        // Go from the last block to the first, so that the indices of the others stay right.
        for (int i = blocks.Count - 1; i >= 0; i--)
            InsertBefore(body, blocks[i].Start, CountOf(body, blocks[i]), counters);
        body.OptimizeMacros();
    }

    private static IlCount CountOf(MethodBody body, BasicBlock block)
    {
        int arrayAccesses = 0;
        int fieldAccesses = 0;
        int calls = 0;
        for (int i = block.Start; i < block.End; i++)
        {
            var code = body.Instructions[i].OpCode.Code;
            if (InstructionKinds.IsArrayAccess(code))
                arrayAccesses++;
            else if (InstructionKinds.IsFieldAccess(code))
                fieldAccesses++;
            else if (InstructionKinds.IsCall(code))
                calls++;
        }
        return new IlCount(block.End - block.Start, arrayAccesses, fieldAccesses, calls);
    }

    private static void InsertBefore(MethodBody body, int index, IlCount count, CounterFields counters)
    {
        var added = new List<Instruction>();
        AddTo(added, counters.Instructions, count.Instructions);
        AddTo(added, counters.ArrayAccesses, count.ArrayAccesses);
        AddTo(added, counters.FieldAccesses, count.FieldAccesses);
        AddTo(added, counters.Calls, count.Calls);

        // The leader's object becomes the first inserted instruction, and a copy takes the leader's place. So every branch, switch and
        // handler bound that named the leader now leads to the counting code, without being redirected.
        var leader = body.Instructions[index];
        var copy = Instruction.Create(OpCodes.Nop);
        copy.OpCode = leader.OpCode;
        copy.Operand = leader.Operand;
        leader.OpCode = added[0].OpCode;
        leader.Operand = added[0].Operand;
        added[0] = leader;
        added.Add(copy);
        for (int i = 1; i < added.Count; i++)
            body.Instructions.Insert(index + i, added[i]);
    }

    private static void AddTo(List<Instruction> code, FieldReference counter, long amount)
    {
        if (amount == 0)
            return;
        code.Add(Instruction.Create(OpCodes.Ldsfld, counter));
        code.Add(Instruction.Create(OpCodes.Ldc_I4, (int)amount));
        code.Add(Instruction.Create(OpCodes.Conv_I8));
        code.Add(Instruction.Create(OpCodes.Add));
        code.Add(Instruction.Create(OpCodes.Stsfld, counter));
    }
}
