using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Carveout.DeviceSurface;

/// <summary>Refuses what the C# compiler accepts, but nanoFramework's runtime or metadata processor does not.</summary>
/// <remarks>It reads only IL and metadata, so it says nothing about values: sizes, divisors, conversions of large numbers.</remarks>
internal sealed class IlCheck
{
    /// <summary>The most locals, arguments or stack slots: the device counts each kind in a byte, and needs a few for itself.</summary>
    private const int MostSlots = 250;

    private const string NotOnDevice = " (not on nanoFramework)";

    /// <summary>By mnemonic: the instructions that the interpreter's main switch lists as unsupported.</summary>
    private static readonly Dictionary<string, string> s_unsupported = new()
    {
        ["arglist"] = "the instruction arglist",
        ["calli"] = "the instruction calli",
        ["ckfinite"] = "the instruction ckfinite",
        ["cpblk"] = "the instruction cpblk",
        ["initblk"] = "the instruction initblk",
        ["jmp"] = "the instruction jmp",
        ["localloc"] = "stackalloc",
        ["mkrefany"] = "the instruction mkrefany",
        ["readonly."] = "the instruction readonly.",
        ["refanytype"] = "the instruction refanytype",
        ["refanyval"] = "the instruction refanyval",
    };

    private static readonly HashSet<string> s_addresses =
        ["ldloca", "ldloca.s", "ldarga", "ldarga.s", "ldflda", "ldsflda", "ldelema"];

    private readonly FindingList _findings;
    private readonly bool _hasNativeVersion;

    private IlCheck(ModuleDefinition module, FindingList findings)
    {
        _findings = findings;
        _hasNativeVersion = module.Assembly.CustomAttributes.Any(a => a.AttributeType.Name == "AssemblyNativeVersionAttribute");
    }

    /// <summary>Checks the types of an assembly.</summary>
    public static void Run(ModuleDefinition module, FindingList findings)
    {
        var check = new IlCheck(module, findings);
        foreach (var type in module.GetTypes())
        {
            check.CheckType(type);
        }
    }

    private void CheckType(TypeDefinition type)
    {
        if (type.HasGenericParameters)
        {
            _findings.Add(type, FindingCode.Generic, ": a generic type" + NotOnDevice);
        }

        // The compiler turns each 'fixed byte Data[8]' into a nested struct '<Data>e__FixedBuffer'.
        if (type.Name.EndsWith(">e__FixedBuffer", StringComparison.Ordinal))
        {
            _findings.Add(type.DeclaringType, FindingCode.FixedBuffer, ": a fixed-size buffer" + NotOnDevice);
        }

        Report(type, ConstructFinder.Find(type.BaseType), ": the base type is ");
        foreach (var implementation in type.Interfaces)
        {
            Report(type, ConstructFinder.Find(implementation.InterfaceType), ": the interface is ");
        }

        foreach (var field in type.Fields)
        {
            Report(type, ConstructFinder.Find(field.FieldType), $".{field.Name}: the field is ");
        }

        foreach (var method in type.Methods)
        {
            CheckMethod(method);
        }
    }

    private void CheckMethod(MethodDefinition method)
    {
        if (method.HasGenericParameters)
        {
            Refuse(method, 0, FindingCode.Generic, "a generic method");
        }

        Report(method, 0, ConstructFinder.Find(method.ReturnType), "returns ");
        foreach (var parameter in method.Parameters)
        {
            Report(method, 0, ConstructFinder.Find(parameter.ParameterType), "a parameter is ");
        }

        int arguments = method.Parameters.Count + (method.HasThis ? 1 : 0);
        if (arguments > MostSlots)
        {
            Refuse(method, 0, FindingCode.TooManySlots, $"{arguments} arguments; the device counts them in a byte (at most {MostSlots})");
        }

        if (method.IsInternalCall && !_hasNativeVersion)
        {
            const string Problem = "a native method (InternalCall) in an assembly without AssemblyNativeVersion: no firmware can be asked for";
            Refuse(method, 0, FindingCode.NativeVersion, Problem);
        }

        if (method.HasBody && method.DeclaringType.IsInterface)
        {
            Refuse(method, 0, FindingCode.InterfaceBody, "a method body in an interface");
        }

        if (method.IsPInvokeImpl)
        {
            Refuse(method, 0, FindingCode.PlatformInvoke, "DllImport");
        }

        if (method.HasBody)
        {
            CheckBody(method, method.Body);
        }
    }

    private void CheckBody(MethodDefinition method, MethodBody body)
    {
        if (body.MaxStackSize > MostSlots)
        {
            Refuse(method, 0, FindingCode.TooManySlots, $"an evaluation stack of {body.MaxStackSize} (at most {MostSlots})");
        }

        if (body.Variables.Count > MostSlots)
        {
            string problem = $"{body.Variables.Count} local variables; the device counts them in a byte (at most {MostSlots})";
            Refuse(method, 0, FindingCode.TooManySlots, problem);
        }

        foreach (var local in body.Variables)
        {
            Report(method, 0, ConstructFinder.Find(local.VariableType), "a local is ");
        }

        foreach (var handler in body.ExceptionHandlers)
        {
            Report(method, handler.HandlerStart.Offset, ConstructFinder.Find(handler.CatchType), "catches ");
        }

        foreach (var instruction in body.Instructions)
        {
            CheckInstruction(method, instruction);
            Report(method, instruction.Offset, ConstructFinder.FindOperand(instruction.Operand), "uses ");
        }
    }

    private void CheckInstruction(MethodDefinition method, Instruction instruction)
    {
        string name = instruction.OpCode.Name;
        if (name is "conv.ovf.i" or "conv.ovf.i.un")
        {
            string problem = $"'checked', or an array size or index of type long ({name}): the device does not check it";
            Refuse(method, instruction.Offset, FindingCode.OverflowCheck, problem);
        }
        else if (name.Contains(".ovf"))
        {
            Refuse(method, instruction.Offset, FindingCode.OverflowCheck, $"'checked' ({name}): the device does not check it");
        }
        else if (s_unsupported.TryGetValue(name, out string? description))
        {
            Refuse(method, instruction.Offset, FindingCode.Unmanaged, description);
        }
        else if (name is "conv.u" or "conv.i" && instruction.Previous != null && s_addresses.Contains(instruction.Previous.OpCode.Name))
        {
            Refuse(method, instruction.Offset, FindingCode.Unmanaged, "a pointer (an address as a number)");
        }
    }

    private void Report(MethodDefinition method, int offset, Construct? construct, string what)
    {
        if (construct != null)
        {
            Refuse(method, offset, construct.Code, what + construct.Text);
        }
    }

    private void Report(TypeDefinition type, Construct? construct, string what)
    {
        if (construct != null)
        {
            _findings.Add(type, construct.Code, what + construct.Text + NotOnDevice);
        }
    }

    private void Refuse(MethodDefinition method, int offset, string code, string text) => _findings.Add(method, offset, code, text + NotOnDevice);
}
