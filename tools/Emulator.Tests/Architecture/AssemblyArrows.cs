using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Carveout.Emulator.Tests.Architecture;

/// <summary>Finds which folders' types use which other folders' types, in one or more assemblies.</summary>
/// <remarks>Constants leave no trace in compiled code, and neither does documentation.</remarks>
internal sealed class AssemblyArrows
{
    private readonly Dictionary<string, string> _folders = [];
    private readonly HashSet<Arrow> _arrows = [];

    private AssemblyArrows()
    {
    }

    /// <summary>Reads assemblies that refer to each other.</summary>
    /// <param name="folderOf">Returns the folder, or room, of a source file, given with forward slashes; null if the file does not
    /// count.</param>
    /// <param name="assemblies">Their files, each with its .pdb beside it.</param>
    public static IReadOnlyCollection<Arrow> Read(Func<string, string?> folderOf, params string[] assemblies)
    {
        var read = new AssemblyArrows();
        var types = new List<TypeDefinition>();
        foreach (string assembly in assemblies)
        {
            Dictionary<int, string> files = SourceFolders.Read(assembly);
            foreach (TypeDefinition type in ModuleDefinition.ReadModule(assembly).GetTypes())
            {
                if (files.TryGetValue(type.MetadataToken.ToInt32(), out string? file) && folderOf(file) is string folder)
                {
                    read._folders[type.FullName] = folder;
                    types.Add(type);
                }
            }
        }
        types.ForEach(read.AddType);
        return read._arrows;
    }

    private void AddType(TypeDefinition type)
    {
        Add(type, null, type.BaseType);
        AddAttributes(type, null, type);
        foreach (InterfaceImplementation face in type.Interfaces)
        {
            Add(type, null, face.InterfaceType);
        }
        foreach (FieldDefinition field in type.Fields)
        {
            Add(type, field.Name, field.FieldType);
            AddAttributes(type, field.Name, field);
        }
        foreach (MethodDefinition method in type.Methods)
        {
            AddSignature(type, method.Name, method);
            AddAttributes(type, method.Name, method);
            if (method.HasBody)
            {
                AddBody(type, method);
            }
        }
    }

    private void AddBody(TypeDefinition type, MethodDefinition method)
    {
        foreach (VariableDefinition local in method.Body.Variables)
        {
            Add(type, method.Name, local.VariableType);
        }
        foreach (ExceptionHandler handler in method.Body.ExceptionHandlers)
        {
            Add(type, method.Name, handler.CatchType);
        }
        foreach (Instruction instruction in method.Body.Instructions)
        {
            switch (instruction.Operand)
            {
                case MethodReference called:
                    Add(type, method.Name, called.DeclaringType);
                    AddSignature(type, method.Name, called);
                    break;
                case FieldReference field:
                    Add(type, method.Name, field.DeclaringType);
                    break;
                case TypeReference used:
                    Add(type, method.Name, used);
                    break;
            }
        }
    }

    private void AddSignature(TypeDefinition type, string member, MethodReference method)
    {
        Add(type, member, method.ReturnType);
        foreach (ParameterDefinition parameter in method.Parameters)
        {
            Add(type, member, parameter.ParameterType);
        }
        if (method is GenericInstanceMethod generic)
        {
            foreach (TypeReference argument in generic.GenericArguments)
            {
                Add(type, member, argument);
            }
        }
    }

    private void AddAttributes(TypeDefinition type, string? member, ICustomAttributeProvider provider)
    {
        foreach (CustomAttribute attribute in provider.CustomAttributes)
        {
            Add(type, member, attribute.AttributeType);
        }
    }

    private void Add(TypeDefinition type, string? member, TypeReference? used)
    {
        if (used is GenericInstanceType generic)
        {
            foreach (TypeReference argument in generic.GenericArguments)
            {
                Add(type, member, argument);
            }
        }
        if (used is TypeSpecification made)
        {
            Add(type, member, made.ElementType);
            return;
        }
        if (used is null || !_folders.TryGetValue(used.FullName, out string? to))
        {
            return;
        }
        string from = _folders[type.FullName];
        if (from != to)
        {
            _arrows.Add(new Arrow(from, NameOf(type) + (member is null ? "" : "." + member), to, NameOf(used)));
        }
    }

    /// <summary>A type's name as it is written in source: without its namespace, and without nested types of the compiler.</summary>
    private static string NameOf(TypeReference type)
    {
        for (; type.DeclaringType is not null && type.Name.StartsWith('<'); type = type.DeclaringType)
        {
        }
        return type.DeclaringType is null ? type.Name : $"{NameOf(type.DeclaringType)}.{type.Name}";
    }
}
