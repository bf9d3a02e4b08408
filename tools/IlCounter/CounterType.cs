using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Carveout.IlCounter;

/// <summary>The class with the counts. It is added to one of the assemblies that are rewritten together; the others refer to it.</summary>
/// <remarks>
/// It has no static constructor, so using it never runs code, and its methods are not instrumented. The counts are plain static fields,
/// which are exact as long as only one thread at a time runs instrumented code.
/// </remarks>
internal sealed class CounterType
{
    /// <summary>The injected class: public and static, so that any host can read it.</summary>
    public const string FullName = Namespace + "." + Name;

    private const string Namespace = "Carveout.IlCounter.Injected";
    private const string Name = "ExecutedIl";

    private readonly FieldDefinition _instructions;
    private readonly FieldDefinition _arrayAccesses;
    private readonly FieldDefinition _fieldAccesses;
    private readonly FieldDefinition _calls;

    private CounterType(FieldDefinition instructions, FieldDefinition arrayAccesses, FieldDefinition fieldAccesses, FieldDefinition calls)
    {
        _instructions = instructions;
        _arrayAccesses = arrayAccesses;
        _fieldAccesses = fieldAccesses;
        _calls = calls;
    }

    /// <summary>The name of the static method that returns one of <see cref="IlCount"/>'s properties as a long.</summary>
    public static string GetterOf(string property) => "Get" + property;

    /// <summary>Adds the class to a module, which must not have it.</summary>
    public static CounterType InjectInto(ModuleDefinition module)
    {
        var type = new TypeDefinition(
            Namespace,
            Name,
            TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit,
            module.TypeSystem.Object);
        module.Types.Add(type);
        return new CounterType(
            AddCounter(type, nameof(IlCount.Instructions)),
            AddCounter(type, nameof(IlCount.ArrayAccesses)),
            AddCounter(type, nameof(IlCount.FieldAccesses)),
            AddCounter(type, nameof(IlCount.Calls)));
    }

    /// <summary>References to the four fields for a module, which may be the holder or another one.</summary>
    public CounterFields SeenFrom(ModuleDefinition module) => new(
        module.ImportReference(_instructions),
        module.ImportReference(_arrayAccesses),
        module.ImportReference(_fieldAccesses),
        module.ImportReference(_calls));

    private static FieldDefinition AddCounter(TypeDefinition type, string name)
    {
        var int64 = type.Module.TypeSystem.Int64;
        var field = new FieldDefinition(name, FieldAttributes.Public | FieldAttributes.Static, int64);
        type.Fields.Add(field);

        var getter = new MethodDefinition(GetterOf(name), MethodAttributes.Public | MethodAttributes.Static, int64);
        var il = getter.Body.GetILProcessor();
        il.Emit(OpCodes.Ldsfld, field);
        il.Emit(OpCodes.Ret);
        type.Methods.Add(getter);
        return field;
    }
}

/// <summary>The static long fields that the inserted code adds to.</summary>
internal sealed record CounterFields(FieldReference Instructions, FieldReference ArrayAccesses, FieldReference FieldAccesses, FieldReference Calls);
