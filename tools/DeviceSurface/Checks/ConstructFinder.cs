using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Carveout.DeviceSurface;

/// <summary>Decodes signatures and tokens to the first thing in them that the device does not have, or to null.</summary>
internal sealed class ConstructFinder(MetadataReader metadata) : ISignatureTypeProvider<Construct?, object?>
{
    private static readonly Construct _typeParameter = new(FindingCode.Generic, "a type parameter");

    /// <summary>Finds it in the thing that an instruction, a base type or a catch clause names.</summary>
    public Construct? Find(EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return null;
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeSpecification:
                return metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null);
            case HandleKind.MethodSpecification:
                var method = metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method;
                return new Construct(FindingCode.Generic, "the generic method " + NameOfMethod(method));
            case HandleKind.MemberReference:
                // Members of generic instances and of multidimensional arrays have such a parent.
                var parent = metadata.GetMemberReference((MemberReferenceHandle)handle).Parent;
                return parent.Kind == HandleKind.TypeSpecification ? Find(parent) : null;
            default:
                return null;
        }
    }

    public Construct? Find(FieldDefinition field) => field.DecodeSignature(this, null);

    public MethodSignature<Construct?> Find(MethodDefinition method) => method.DecodeSignature(this, null);

    public ImmutableArray<Construct?> FindLocals(StandaloneSignatureHandle locals) =>
        locals.IsNil ? [] : metadata.GetStandaloneSignature(locals).DecodeLocalSignature(this, null);

    public Construct? GetArrayType(Construct? elementType, ArrayShape shape) =>
        new(FindingCode.MultidimensionalArray, "a multidimensional array");

    public Construct? GetPointerType(Construct? elementType) => new(FindingCode.Unmanaged, "a pointer");

    public Construct? GetFunctionPointerType(MethodSignature<Construct?> signature) => new(FindingCode.Unmanaged, "a function pointer");

    public Construct? GetPinnedType(Construct? elementType) => new(FindingCode.Unmanaged, "pinned (fixed)");

    public Construct? GetGenericInstantiation(Construct? genericType, ImmutableArray<Construct?> typeArguments) =>
        new(FindingCode.Generic, "an instance of a generic type");

    public Construct? GetGenericMethodParameter(object? genericContext, int index) => _typeParameter;

    public Construct? GetGenericTypeParameter(object? genericContext, int index) => _typeParameter;

    public Construct? GetByReferenceType(Construct? elementType) => elementType;

    public Construct? GetModifiedType(Construct? modifier, Construct? unmodifiedType, bool isRequired) => unmodifiedType;

    public Construct? GetSZArrayType(Construct? elementType) => elementType;

    public Construct? GetPrimitiveType(PrimitiveTypeCode typeCode) =>
        typeCode == PrimitiveTypeCode.TypedReference ? new(FindingCode.Unmanaged, "a TypedReference") : null;

    public Construct? GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => null;

    public Construct? GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => null;

    public Construct? GetTypeFromSpecification(
        MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => Find(handle);

    private string NameOfMethod(EntityHandle handle) => metadata.GetString(
        handle.Kind == HandleKind.MethodDefinition
            ? metadata.GetMethodDefinition((MethodDefinitionHandle)handle).Name
            : metadata.GetMemberReference((MemberReferenceHandle)handle).Name);
}
