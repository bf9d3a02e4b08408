using System.Diagnostics;
using System.Reflection;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Carveout.HeapBudget;

/// <summary>What a program that uses a type must have on the device: the libraries' types that it refers to, directly or indirectly. The
/// board's types are left out, since every program has them.</summary>
public sealed class TypeReach
{
    private readonly Dictionary<string, TypeDefinition> _types = [];
    private readonly HashSet<TypeDefinition> _reached = [];

    private TypeReach()
    {
        foreach (Assembly library in DeviceLibraries.All.Skip(1))
        {
            foreach (TypeDefinition type in ModuleDefinition.ReadModule(library.Location).GetTypes())
            {
                _types.TryAdd(type.FullName, type);
            }
        }
    }

    /// <summary>How many types there are, including nested ones, without those that the compiler made.</summary>
    public int Types => _reached.Count(type => !type.Name.StartsWith('<'));

    /// <summary>Bytes of IL of all their methods, without those that only checked builds call.</summary>
    public int Il => _reached.Sum(type => type.Methods.Where(IsOnDevice).Sum(method => method.Body.CodeSize));

    /// <summary>The libraries of these types.</summary>
    public IEnumerable<string> Libraries => _reached.Select(type => type.Module.Assembly.Name.Name).Distinct().Order(StringComparer.Ordinal);

    /// <summary>Finds the reach of a type.</summary>
    public static TypeReach Of(Type start)
    {
        var reach = new TypeReach();
        reach.Add(reach._types[start.FullName!]);
        return reach;
    }

    private static bool IsOnDevice(MethodDefinition method) =>
        method.HasBody && !method.CustomAttributes.Any(attribute => attribute.AttributeType.FullName == typeof(ConditionalAttribute).FullName);

    private void Add(TypeReference? used)
    {
        if (used is TypeSpecification made)
        {
            Add(made.ElementType);
            foreach (TypeReference argument in (used as GenericInstanceType)?.GenericArguments.AsEnumerable() ?? [])
            {
                Add(argument);
            }
            return;
        }
        if (used is null || !_types.TryGetValue(used.FullName, out TypeDefinition? type) || !_reached.Add(type))
        {
            return;
        }
        Add(type.DeclaringType);
        Add(type.BaseType);
        foreach (FieldDefinition field in type.Fields)
        {
            Add(field.FieldType);
        }
        foreach (MethodDefinition method in type.Methods.Where(method => !method.HasBody || IsOnDevice(method)))
        {
            AddSignature(method);
            AddBody(method);
        }
    }

    private void AddBody(MethodDefinition method)
    {
        if (!method.HasBody)
        {
            return;
        }
        foreach (VariableDefinition local in method.Body.Variables)
        {
            Add(local.VariableType);
        }
        foreach (Instruction instruction in method.Body.Instructions)
        {
            switch (instruction.Operand)
            {
                case MethodReference called:
                    Add(called.DeclaringType);
                    AddSignature(called);
                    break;
                case FieldReference field:
                    Add(field.DeclaringType);
                    Add(field.FieldType);
                    break;
                case TypeReference type:
                    Add(type);
                    break;
            }
        }
    }

    private void AddSignature(MethodReference method)
    {
        Add(method.ReturnType);
        foreach (ParameterDefinition parameter in method.Parameters)
        {
            Add(parameter.ParameterType);
        }
    }
}
