using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Carveout.Emulator.Tests.Core;

/// <summary>Board and Firmware/Memory keep to the subset that the bare-metal build can compile, too: no interfaces, delegates, <c>as</c>,
/// <c>catch</c>, generics, structs, jagged or multidimensional arrays.</summary>
[TestClass]
public sealed class CoreSubsetTests
{
    [TestMethod]
    public void Board_keeps_to_the_core_subset() => AssertKeeps(typeof(MemoryMap), _ => true);

    [TestMethod]
    [DataRow(typeof(PageAllocator))]
    [DataRow(typeof(OwnerTable))]
    [DataRow(typeof(SlabAllocator))]
    [DataRow(typeof(MovablePages))]
    [DataRow(typeof(DmaAllocator))]
    public void Memory_keeps_to_the_core_subset(Type sample) => AssertKeeps(sample, type => type.Namespace == sample.Namespace);

    [TestMethod]
    public void What_is_outside_the_subset_is_found()
    {
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(typeof(CoreSubsetTests).Assembly.Location);
        TypeDefinition sample = assembly.MainModule.GetType(typeof(Outside).FullName!.Replace('+', '/'));
        string found = string.Join('\n', Faults(sample));
        foreach (string expected in (string[])["Catches: catch", "Casts: as or is", "Calls: a delegate", "_jagged: an array of arrays", "a generic method",
            "implements an interface"])
        {
            Assert.Contains(expected, found);
        }
    }

    private static void AssertKeeps(Type sample, Func<TypeDefinition, bool> belongs)
    {
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(sample.Assembly.Location);
        TypeDefinition[] types = [.. assembly.MainModule.GetTypes().Where(type => belongs(Outermost(type)))];
        Assert.IsGreaterThan(5, types.Length, "the types must be found");
        string[] faults = [.. types.SelectMany(Faults)];
        Assert.IsEmpty(faults, string.Join('\n', faults));
    }

    private static IEnumerable<string> Faults(TypeDefinition type)
    {
        if (type.IsInterface || type.HasInterfaces)
        {
            yield return $"{type.FullName}: {(type.IsInterface ? "is" : "implements")} an interface";
        }
        if (type.IsValueType && !type.IsEnum)
        {
            yield return $"{type.FullName}: a struct";
        }
        foreach (FieldDefinition field in type.Fields.Where(field => Shape(field.FieldType) is not null))
        {
            yield return $"{field.FullName}: {Shape(field.FieldType)}";
        }
        foreach (MethodDefinition method in type.Methods)
        {
            foreach (string fault in Faults(method).Distinct())
            {
                yield return $"{type.Name}.{method.Name}: {fault}";
            }
        }
    }

    private static IEnumerable<string> Faults(MethodDefinition method)
    {
        if (method.HasGenericParameters)
        {
            yield return "a generic method";
        }
        foreach (ParameterDefinition parameter in method.Parameters.Where(parameter => Shape(parameter.ParameterType) is not null))
        {
            yield return Shape(parameter.ParameterType)!;
        }
        if (!method.HasBody)
        {
            yield break;
        }
        if (method.Body.ExceptionHandlers.Any(handler => handler.HandlerType is ExceptionHandlerType.Catch or ExceptionHandlerType.Filter))
        {
            yield return "catch";
        }
        foreach (VariableDefinition local in method.Body.Variables.Where(local => Shape(local.VariableType) is not null))
        {
            yield return Shape(local.VariableType)!;
        }
        foreach (Instruction instruction in method.Body.Instructions)
        {
            if (instruction.OpCode == OpCodes.Isinst)
            {
                yield return "as or is";
            }
            if (instruction.OpCode == OpCodes.Ldftn || instruction.OpCode == OpCodes.Ldvirtftn)
            {
                yield return "a delegate";
            }
            if (instruction.OpCode == OpCodes.Box)
            {
                yield return "boxing";
            }
        }
    }

    private static string? Shape(TypeReference type) => type switch
    {
        ArrayType { Rank: > 1 } => "a multidimensional array",
        ArrayType { ElementType: ArrayType } => "an array of arrays",
        ArrayType array => Shape(array.ElementType),
        GenericInstanceType or GenericParameter => "a generic type",
        _ => null,
    };

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is null ? type : Outermost(type.DeclaringType);

    /// <summary>One of each, to show that the check finds them.</summary>
    private sealed class Outside : IDisposable
    {
        private readonly int[][] _jagged = [];

        public void Dispose()
        {
        }

        public int Catches()
        {
            try
            {
                return _jagged[0][0];
            }
            catch (IndexOutOfRangeException)
            {
                return 0;
            }
        }

        public static string? Casts(object value) => value as string;

        public static int Calls(int value)
        {
            Func<int> call = () => value;
            return call();
        }

        public static T Generic<T>(T value) => value;
    }
}
