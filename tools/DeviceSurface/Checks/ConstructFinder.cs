using Mono.Cecil;

namespace Carveout.DeviceSurface;

/// <summary>Finds the first thing in a type, or behind an operand, that the device does not have.</summary>
internal static class ConstructFinder
{
    /// <summary>Searches a type of a signature.</summary>
    public static Construct? Find(TypeReference? type) => type switch
    {
        GenericParameter => new(FindingCode.Generic, "a type parameter"),
        GenericInstanceType => new(FindingCode.Generic, "an instance of a generic type"),
        ArrayType { IsVector: false } => new(FindingCode.MultidimensionalArray, "a multidimensional array"),
        PointerType => new(FindingCode.Unmanaged, "a pointer"),
        FunctionPointerType => new(FindingCode.Unmanaged, "a function pointer"),
        PinnedType => new(FindingCode.Unmanaged, "pinned (fixed)"),
        TypeSpecification specification => Find(specification.ElementType),
        { MetadataType: MetadataType.TypedByReference } => new(FindingCode.Unmanaged, "a TypedReference"),
        _ => null,
    };

    /// <summary>Searches what an instruction names: a type, or the type of a method or field.</summary>
    public static Construct? FindOperand(object? operand) => operand switch
    {
        GenericInstanceMethod method => new(FindingCode.Generic, "the generic method " + method.Name),
        TypeReference type => Find(type),
        MemberReference member => Find(member.DeclaringType),
        _ => null,
    };
}
