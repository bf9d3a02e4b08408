using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Carveout.DeviceSurface;

/// <summary>Says which source line a method or a type comes from, as far as the assembly's portable pdb knows.</summary>
internal sealed class SourcePlaces : IDisposable
{
    /// <summary>The record in which the compiler notes the files of a type that has no code.</summary>
    private static readonly Guid _typeDefinitionDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    private readonly MetadataReader _metadata;
    private readonly MetadataReaderProvider? _provider;
    private readonly MetadataReader? _pdb;

    public SourcePlaces(string assemblyPath, PEReader assembly)
    {
        _metadata = assembly.GetMetadataReader();
        assembly.TryOpenAssociatedPortablePdb(assemblyPath, OpenIfThere, out _provider, out _);
        _pdb = _provider?.GetMetadataReader();
    }

    public void Dispose() => _provider?.Dispose();

    /// <summary>The line of an instruction: of the statement that it belongs to, else of the method, else of the type.</summary>
    public string? Find(MethodDefinitionHandle method, int offset)
    {
        string? place = null;
        foreach (var point in VisiblePoints(method))
        {
            if (place != null && point.Offset > offset)
            {
                break;
            }

            place = Format(point);
        }

        return place ?? Find(_metadata.GetMethodDefinition(method).GetDeclaringType());
    }

    /// <summary>The first statement of the type; if it has none, the first line of its file, because the pdb says no more.</summary>
    public string? Find(TypeDefinitionHandle type)
    {
        foreach (var method in _metadata.GetTypeDefinition(type).GetMethods())
        {
            foreach (var point in VisiblePoints(method))
            {
                return Format(point);
            }
        }

        if (FileOf(type) is { } file)
        {
            return file + "(1,1)";
        }

        // The pdb has no file for a nested type, because it has the outer one's.
        var outer = _metadata.GetTypeDefinition(type).GetDeclaringType();
        return outer.IsNil ? null : Find(outer);
    }

    private static FileStream? OpenIfThere(string path) => File.Exists(path) ? File.OpenRead(path) : null;

    private IEnumerable<SequencePoint> VisiblePoints(MethodDefinitionHandle method) =>
        _pdb == null
            ? []
            : _pdb.GetMethodDebugInformation(method.ToDebugInformationHandle()).GetSequencePoints().Where(p => !p.IsHidden);

    private string Format(SequencePoint point) => $"{NameOf(point.Document)}({point.StartLine},{point.StartColumn})";

    private string? FileOf(TypeDefinitionHandle type)
    {
        if (_pdb == null)
        {
            return null;
        }

        foreach (var handle in _pdb.GetCustomDebugInformation(type))
        {
            var information = _pdb.GetCustomDebugInformation(handle);
            if (_pdb.GetGuid(information.Kind) == _typeDefinitionDocuments)
            {
                int row = _pdb.GetBlobReader(information.Value).ReadCompressedInteger();
                return NameOf(MetadataTokens.DocumentHandle(row));
            }
        }

        return null;
    }

    private string NameOf(DocumentHandle document) => _pdb!.GetString(_pdb.GetDocument(document).Name);
}
