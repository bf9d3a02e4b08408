using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Carveout.DeviceSurface;

/// <summary>Puts custom attributes on what a reference assembly declares.</summary>
internal sealed class AttributeWriter(MetadataBuilder metadata, TypeHandles types)
{
    private readonly Dictionary<string, MemberReferenceHandle> _constructors = [];

    /// <summary>The attributes that a listing's annotations stand for.</summary>
    public void Write(EntityHandle owner, IReadOnlyList<Annotation> annotations)
    {
        foreach (var annotation in annotations)
        {
            switch (annotation)
            {
                case Annotation.AttributeUsage usage:
                    Write(owner, "System.AttributeUsageAttribute", [("System.AttributeTargets", usage.Targets)], usage.Options);
                    break;
                case Annotation.Conditional conditional:
                    Write(owner, "System.Diagnostics.ConditionalAttribute", [("string", conditional.Symbol)], []);
                    break;
                case Annotation.Obsolete obsolete:
                    Write(owner, "System.ObsoleteAttribute", [("string", "nanoFramework says so"), ("bool", obsolete.IsError)], []);
                    break;
                case Annotation.IndexerName or Annotation.Empty:
                    break;                                          // these change the declaration itself
                default:
                    throw new InvalidOperationException("no rule for " + annotation);
            }
        }
    }

    /// <summary>An attribute without arguments.</summary>
    public void Write(EntityHandle owner, string attribute) => Write(owner, attribute, [], []);

    /// <summary>An attribute with constructor arguments (type and value) and Boolean properties.</summary>
    public void Write(
        EntityHandle owner,
        string attribute,
        IReadOnlyList<(string Type, object Value)> arguments,
        IReadOnlyList<(string Name, bool Value)> properties)
    {
        var constructor = Constructor(attribute, [.. arguments.Select(a => a.Type)]);
        var blob = new BlobBuilder();
        new BlobEncoder(blob).CustomAttributeSignature(out var fixedArguments, out var namedArguments);
        foreach (var (_, value) in arguments)
        {
            fixedArguments.AddArgument().Scalar().Constant(value);
        }

        var named = namedArguments.Count(properties.Count);
        foreach (var (name, value) in properties)
        {
            named.AddArgument(isField: false, out var type, out var nameEncoder, out var literal);
            type.ScalarType().Boolean();
            nameEncoder.Name(name);
            literal.Scalar().Constant(value);
        }

        metadata.AddCustomAttribute(owner, constructor, metadata.GetOrAddBlob(blob));
    }

    private MemberReferenceHandle Constructor(string attribute, string[] parameters)
    {
        string key = $"{attribute}({string.Join(',', parameters)})";
        if (!_constructors.TryGetValue(key, out var constructor))
        {
            var signature = new BlobBuilder();
            new BlobEncoder(signature).MethodSignature(isInstanceMethod: true)
                .Parameters(parameters.Length, out var result, out var parameterEncoder);
            result.Void();
            foreach (string parameter in parameters)
            {
                types.Encode(parameterEncoder.AddParameter().Type(), parameter, []);
            }

            constructor = metadata.AddMemberReference(
                types.Handle(attribute), metadata.GetOrAddString(".ctor"), metadata.GetOrAddBlob(signature));
            _constructors.Add(key, constructor);
        }

        return constructor;
    }
}
