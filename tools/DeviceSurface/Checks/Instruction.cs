using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Carveout.DeviceSurface;

/// <summary>One IL instruction.</summary>
/// <param name="Offset">Where it starts in the method's body.</param>
/// <param name="Name">Its mnemonic: <c>ldarg.0</c>.</param>
/// <param name="Token">The type, method or field that it names, or nil.</param>
internal readonly record struct Instruction(int Offset, string Name, EntityHandle Token)
{
    private const byte TwoBytePrefix = 0xFE;

    private static readonly Dictionary<int, OpCode> _opCodes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!)
        .ToDictionary(o => (int)(ushort)o.Value);

    /// <summary>Reads a method's body from its first instruction to its last.</summary>
    public static IEnumerable<Instruction> ReadAll(BlobReader il)
    {
        while (il.RemainingBytes > 0)
        {
            int offset = il.Offset;
            int value = il.ReadByte();
            if (value == TwoBytePrefix)
            {
                value = (value << 8) | il.ReadByte();
            }

            var code = _opCodes[value];
            yield return new Instruction(offset, code.Name!, ReadOperand(ref il, code.OperandType));
        }
    }

    private static EntityHandle ReadOperand(ref BlobReader il, OperandType kind)
    {
        switch (kind)
        {
            case OperandType.InlineTok or OperandType.InlineType or OperandType.InlineMethod or OperandType.InlineField:
                return (EntityHandle)MetadataTokens.Handle(il.ReadInt32());
            case OperandType.InlineSwitch:
                int targets = il.ReadInt32();
                il.Offset += targets * sizeof(int);
                return default;
            default:
                il.Offset += SizeOf(kind);
                return default;
        }
    }

    private static int SizeOf(OperandType kind) => kind switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
