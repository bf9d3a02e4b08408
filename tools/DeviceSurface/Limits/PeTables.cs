using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Carveout.DeviceSurface;

/// <summary>Computes what the metadata processor makes of an assembly: how full each table of the .pe will be.</summary>
/// <remarks>
/// The indices in a .pe have 16 bits, some of which tell definitions from references. The processor stops at too much byte code or too many
/// strings; every other table wraps around without a message. Byte code and entries are exact here. Strings and signatures are upper
/// bounds, because the processor leaves out names that the runtime has built in, and lets one signature begin inside another.
/// </remarks>
internal sealed class PeTables
{
    private const int Bytes = ushort.MaxValue;

    /// <summary>Of the 16 bits, two tell a type's definition from a reference and from a specification; for a member it is one.</summary>
    private const int Types = 1 << 14, Members = 1 << 15;

    public PeTables(ModuleDefinition module)
    {
        var stored = new StoredMetadata(module);
        Name = module.Assembly.Name.Name;
        var bodies = stored.Methods.Where(m => m.HasBody).Select(m => m.Body).ToList();
        Il = bodies.Sum(b => b.CodeSize);
        ByteCode = new(FindingCode.ByteCode, "byte code", bodies.Sum(SizeOf), Bytes, " bytes");
        Strings = new(FindingCode.Strings, "names and literals", StoredStrings.SizeOf(stored), Bytes, " bytes");
        Others =
        [
            Entries("types", stored.Types.Count, Types),
            Entries("type references", stored.TypeReferences.Count, Types),
            Entries("type specifications", stored.TypeSpecifications, Types),
            Entries("fields", stored.Fields.Count, Members),
            Entries("methods", stored.Methods.Count, Members),
            Entries("field references", stored.MemberReferences.Count(m => m is FieldReference), Members),
            Entries("method references", stored.MemberReferences.Count(m => m is MethodReference), Members),
            new(FindingCode.Table, "signatures", StoredSignatures.SizeOf(stored), Bytes, " bytes"),
        ];
    }

    public string Name { get; }

    /// <summary>Bytes of IL in the assembly itself.</summary>
    public int Il { get; }

    public PeTable ByteCode { get; }

    public PeTable Strings { get; }

    public IReadOnlyList<PeTable> Others { get; }

    /// <summary>Warns of tables that are nearly full, and refuses those that are too full to grow.</summary>
    public void Check(FindingList findings)
    {
        foreach (var table in Others.Prepend(Strings).Prepend(ByteCode).Where(t => t.IsNearlyFull))
        {
            findings.Add(table.Code, $"{table}; cut the assembly in parts", table.IsTooFull);
        }
    }

    /// <summary>Operands that name something have two bytes instead of four, except ldtoken's; so have branches and switches. Handlers
    /// follow the instructions.</summary>
    private static int SizeOf(MethodBody body)
    {
        int size = body.CodeSize;
        foreach (var instruction in body.Instructions)
        {
            size -= instruction.OpCode.OperandType switch
            {
                OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineString => 2,
                OperandType.InlineBrTarget => 2,
                OperandType.InlineSwitch => 3 + (2 * ((Instruction[])instruction.Operand).Length),
                _ => 0,
            };
        }

        int handlers = body.ExceptionHandlers.Count;
        return handlers == 0 ? size : size + 1 + (12 * handlers);
    }

    private static PeTable Entries(string name, int count, int limit) => new(FindingCode.Table, name, count, limit);
}
