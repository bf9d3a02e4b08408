using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using MethodDefinition = Mono.Cecil.MethodDefinition;
using SequencePoint = Mono.Cecil.Cil.SequencePoint;
using TypeDefinition = Mono.Cecil.TypeDefinition;

namespace Carveout.DeviceSurface;

/// <summary>Finds the source line of a method or type in the portable pdb beside the assembly.</summary>
internal sealed class SourcePlaces(string assemblyPath)
{
    /// <summary>The record in which the compiler notes the files of a type without code.</summary>
    private static readonly Guid s_typeDefinitionDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    /// <summary>The line of an instruction: of its statement, or else of the method, or else of the type.</summary>
    public string? Find(MethodDefinition method, int offset)
    {
        var points = VisiblePoints(method).ToList();
        var point = points.LastOrDefault(p => p.Offset <= offset) ?? points.FirstOrDefault();
        return point == null ? Find(method.DeclaringType) : Format(point);
    }

    /// <summary>The first statement of the type. If it has none, the first line of its file, because the pdb says no more.</summary>
    public string? Find(TypeDefinition type)
    {
        if (type.Methods.SelectMany(VisiblePoints).FirstOrDefault() is { } point)
        {
            return Format(point);
        }

        // The pdb has no file for a nested type, because it is its outer type's file.
        return FileOf(type) is { } file ? file + "(1,1)" : type.DeclaringType == null ? null : Find(type.DeclaringType);
    }

    private static IEnumerable<SequencePoint> VisiblePoints(MethodDefinition method) =>
        method.DebugInformation.SequencePoints.Where(p => !p.IsHidden);

    private static string Format(SequencePoint point) => $"{point.Document.Url}({point.StartLine},{point.StartColumn})";

    /// <summary>Mono.Cecil does not read this record, so the pdb is read again.</summary>
    private string? FileOf(TypeDefinition type)
    {
        string path = Path.ChangeExtension(assemblyPath, ".pdb");
        if (!File.Exists(path))
        {
            return null;
        }

        using var provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(path));
        var pdb = provider.GetMetadataReader();
        foreach (var handle in pdb.GetCustomDebugInformation(MetadataTokens.TypeDefinitionHandle((int)type.MetadataToken.RID)))
        {
            var information = pdb.GetCustomDebugInformation(handle);
            if (pdb.GetGuid(information.Kind) == s_typeDefinitionDocuments)
            {
                int row = pdb.GetBlobReader(information.Value).ReadCompressedInteger();
                return pdb.GetString(pdb.GetDocument(MetadataTokens.DocumentHandle(row)).Name);
            }
        }

        return null;
    }
}
