using System.Globalization;
using System.Reflection;
using Mono.Cecil;
using Mono.Cecil.Cil;
using FieldAttributes = Mono.Cecil.FieldAttributes;
using MethodAttributes = Mono.Cecil.MethodAttributes;
using MethodBody = Mono.Cecil.Cil.MethodBody;
using TypeAttributes = Mono.Cecil.TypeAttributes;

namespace Carveout.Emulator.Tests.IlCounting;

/// <summary>Assembles methods from IL text, so that tests count exactly the IL that they contain, independent of compiler and
/// configuration.</summary>
/// <remarks>
/// One instruction a line, <c>label: opcode operand</c>, with the label and the operand where needed; <c>//</c> starts a comment.
/// An operand is a number, a quoted string, labels, an argument's or a local's index, or the name that a member was given here.
/// Handlers are <c>.catch try handler end</c>, <c>.finally try handler end</c>, <c>.filter try filter handler end</c>: each region
/// goes up to the label after it.
/// </remarks>
sealed class SampleAssembly
{
    readonly AssemblyDefinition _assembly;
    readonly TypeDefinition _type;
    readonly Dictionary<string, object> _members = [];

    public SampleAssembly(string name)
    {
        _assembly = AssemblyDefinition.CreateAssembly(new AssemblyNameDefinition(name, new Version(1, 0)), name, ModuleKind.Dll);
        _type = new TypeDefinition(name, "Code", TypeAttributes.Public | TypeAttributes.Class, Module.ImportReference(typeof(object)));
        Module.Types.Add(_type);
        Import("object", typeof(object).GetConstructor([])!);
        Import("exception", typeof(InvalidOperationException).GetConstructor([])!);
        _members.Add("int", Module.TypeSystem.Int32);
    }

    public string TypeName => _type.FullName;

    public ModuleDefinition Module => _assembly.MainModule;

    public TypeDefinition Type => _type;

    public void Import(string name, MethodBase method) => _members.Add(name, Module.ImportReference(method));

    public void Import(string name, Type type) => _members.Add(name, Module.ImportReference(type));

    /// <summary>Lets this assembly's code use methods and fields of another as <c>prefix.member</c>.</summary>
    public void Import(string prefix, SampleAssembly other)
    {
        foreach (var method in other._type.Methods)
            _members.Add(prefix + "." + method.Name, Module.ImportReference(method));
    }

    public void Field(string name, Type type, bool isStatic)
    {
        var attributes = FieldAttributes.Public | (isStatic ? FieldAttributes.Static : 0);
        var field = new FieldDefinition(name, attributes, Module.ImportReference(type));
        _type.Fields.Add(field);
        _members.Add(name, field);
    }

    public MethodDefinition Static(string name, Type result, Type[] parameters, string il, params Type[] locals) =>
        Add(name, MethodAttributes.Public | MethodAttributes.Static, result, parameters, il, locals);

    public MethodDefinition Instance(string name, Type result, Type[] parameters, string il, params Type[] locals) =>
        Add(name, MethodAttributes.Public | MethodAttributes.HideBySig, result, parameters, il, locals);

    public MethodDefinition Virtual(string name, Type result, Type[] parameters, string il, params Type[] locals) =>
        Add(name, MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.NewSlot, result, parameters, il, locals);

    public MethodDefinition Constructor(Type[] parameters, string il, params Type[] locals)
    {
        var special = MethodAttributes.SpecialName | MethodAttributes.RTSpecialName;
        return Add(".ctor", MethodAttributes.Public | special, typeof(void), parameters, il, locals);
    }

    public MethodDefinition StaticConstructor(string il)
    {
        var special = MethodAttributes.SpecialName | MethodAttributes.RTSpecialName;
        return Add(".cctor", MethodAttributes.Private | MethodAttributes.Static | special, typeof(void), [], il, []);
    }

    /// <summary>Writes the assembly as NAME.dll.</summary>
    public string WriteTo(TemporaryFolder folder)
    {
        string path = folder[_assembly.Name.Name + ".dll"];
        _assembly.Write(path);
        return path;
    }

    MethodDefinition Add(string name, MethodAttributes attributes, Type result, Type[] parameters, string il, Type[] locals)
    {
        var method = new MethodDefinition(name, attributes, Module.ImportReference(result));
        foreach (var parameter in parameters)
            method.Parameters.Add(new ParameterDefinition(Module.ImportReference(parameter)));
        foreach (var local in locals)
            method.Body.Variables.Add(new VariableDefinition(Module.ImportReference(local)));
        method.Body.InitLocals = true;
        _type.Methods.Add(method);
        _members.TryAdd(name, method);
        Assemble(method.Body, il);
        return method;
    }

    void Assemble(MethodBody body, string il)
    {
        var labels = new Dictionary<string, Instruction>();
        var operands = new List<(Instruction Instruction, string[] Words)>();
        var directives = new List<string[]>();
        foreach (string line in il.Split('\n'))
        {
            var words = line.Split("//")[0].Split([' ', ',', '\r'], StringSplitOptions.RemoveEmptyEntries).ToList();
            if (words.Count == 0)
                continue;
            if (words[0].StartsWith('.'))
            {
                directives.Add([.. words]);
                continue;
            }

            var instruction = Instruction.Create(OpCodes.Nop);
            if (words[0].EndsWith(':'))
            {
                labels.Add(words[0].TrimEnd(':'), instruction);
                words.RemoveAt(0);
            }
            instruction.OpCode = Opcode(words[0]);
            operands.Add((instruction, [.. words.Skip(1)]));
            body.Instructions.Add(instruction);
        }

        foreach (var (instruction, words) in operands)
            instruction.Operand = Operand(body, instruction.OpCode, words, labels);
        foreach (var directive in directives)
            body.ExceptionHandlers.Add(Handler(directive, labels));
    }

    static OpCode Opcode(string mnemonic)
    {
        var named = typeof(OpCodes).GetFields().Select(field => (OpCode)field.GetValue(null)!).Where(opcode => opcode.Name == mnemonic);
        return named.First();
    }

    object? Operand(MethodBody body, OpCode opcode, string[] words, Dictionary<string, Instruction> labels)
    {
        switch (opcode.OperandType)
        {
            case OperandType.InlineNone:
                return null;
            case OperandType.InlineBrTarget or OperandType.ShortInlineBrTarget:
                return labels[words[0]];
            case OperandType.InlineSwitch:
                return words.Select(label => labels[label]).ToArray();
            case OperandType.InlineI:
                return int.Parse(words[0], CultureInfo.InvariantCulture);
            case OperandType.ShortInlineI:
                return sbyte.Parse(words[0], CultureInfo.InvariantCulture);
            case OperandType.InlineVar or OperandType.ShortInlineVar:
                return body.Variables[int.Parse(words[0], CultureInfo.InvariantCulture)];
            case OperandType.InlineArg or OperandType.ShortInlineArg:
                return body.Method.Parameters[int.Parse(words[0], CultureInfo.InvariantCulture)];
            case OperandType.InlineString:
                return words[0].Trim('"');
            default:
                return _members[words[0]];
        }
    }

    ExceptionHandler Handler(string[] directive, Dictionary<string, Instruction> labels)
    {
        var type = directive[0] switch
        {
            ".catch" => ExceptionHandlerType.Catch,
            ".finally" => ExceptionHandlerType.Finally,
            ".filter" => ExceptionHandlerType.Filter,
            _ => throw new ArgumentException(directive[0]),
        };
        bool isFilter = type == ExceptionHandlerType.Filter;
        return new ExceptionHandler(type)
        {
            TryStart = labels[directive[1]],
            TryEnd = labels[directive[2]],
            FilterStart = isFilter ? labels[directive[2]] : null,
            HandlerStart = labels[directive[isFilter ? 3 : 2]],
            HandlerEnd = labels[directive[isFilter ? 4 : 3]],
            CatchType = type == ExceptionHandlerType.Catch ? Module.ImportReference(typeof(Exception)) : null,
        };
    }
}
