using Mono.Cecil.Cil;

namespace Carveout.IlCounter;

/// <summary>Classifies IL instructions: the kind of access, and whether the instruction can end a basic block by throwing.</summary>
/// <remarks>The ranges follow the numbering of ECMA-335 III, which Cecil's <see cref="Code"/> keeps.</remarks>
internal static class InstructionKinds
{
    public static bool IsArrayAccess(Code code) => code is >= Code.Ldelema and <= Code.Stelem_Any;

    public static bool IsFieldAccess(Code code) => code is >= Code.Ldfld and <= Code.Stsfld;

    public static bool IsCall(Code code) => code is Code.Call or Code.Callvirt or Code.Calli or Code.Newobj;

    public static bool IsPrefix(Instruction instruction) => instruction.OpCode.OpCodeType == OpCodeType.Prefix;

    /// <summary>Whether control may continue anywhere but at the next instruction.</summary>
    public static bool Transfers(Instruction instruction) =>
        instruction.OpCode.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return or FlowControl.Throw;

    /// <summary>Whether executing the instruction may throw or may run other code that throws.</summary>
    /// <remarks>
    /// Whatever is not listed as safe counts as throwing: a block that ends too early costs a little speed, but one that ends too late
    /// gives a wrong count.
    /// </remarks>
    public static bool CanThrow(Instruction instruction) => instruction.OpCode.Code switch
    {
        Code.Nop or Code.Dup or Code.Pop or Code.Ldstr or Code.Isinst or Code.Sizeof => false,
        >= Code.Ldarg_0 and <= Code.Ldc_R8 => false,
        Code.Ldarg or Code.Ldarga or Code.Starg or Code.Ldloc or Code.Ldloca or Code.Stloc => false,
        Code.Add or Code.Sub or Code.Mul => false,
        >= Code.And and <= Code.Conv_U8 => false,
        Code.Conv_R_Un or Code.Conv_U2 or Code.Conv_U1 or Code.Conv_I or Code.Conv_U => false,
        Code.Ceq or Code.Cgt or Code.Cgt_Un or Code.Clt or Code.Clt_Un => false,

        Code.Ldftn => false,
        _ => !IsPrefix(instruction),
    };
}
