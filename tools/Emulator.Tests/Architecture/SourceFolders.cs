using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Carveout.Emulator.Tests.Architecture;

/// <summary>Finds the source files of an assembly's types in its symbols.</summary>
internal static class SourceFolders
{
    /// <summary>The compiler's record for a type without code, for example an enum.</summary>
    private static readonly Guid s_typeDefinitionDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    /// <summary>A source file of each written type; types made by the compiler are left out.</summary>
    /// <param name="assembly">The assembly's file, with its .pdb beside it.</param>
    /// <returns>Paths by metadata token; a nested type has the path of its outer type.</returns>
    public static Dictionary<int, string> Read(string assembly)
    {
        using var image = new PEReader(File.OpenRead(assembly));
        using MetadataReaderProvider symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(assembly, ".pdb")));
        MetadataReader types = image.GetMetadataReader(), files = symbols.GetMetadataReader();
        var found = new Dictionary<int, string>();
        // A nested type comes after its outer type.
        foreach (TypeDefinitionHandle handle in types.TypeDefinitions)
        {
            TypeDefinition type = types.GetTypeDefinition(handle);
            TypeDefinitionHandle outer = type.GetDeclaringType();
            if (!outer.IsNil)
            {
                if (found.TryGetValue(MetadataTokens.GetToken(outer), out string? place))
                {
                    found[MetadataTokens.GetToken(handle)] = place;
                }
            }
            else if (!types.GetString(type.Name).StartsWith('<') && DocumentOf(type, handle, files) is DocumentHandle { IsNil: false } document)
            {
                found[MetadataTokens.GetToken(handle)] = files.GetString(files.GetDocument(document).Name).Replace('\\', '/');
            }
        }
        return found;
    }

    private static DocumentHandle DocumentOf(TypeDefinition type, TypeDefinitionHandle handle, MetadataReader files)
    {
        foreach (MethodDefinitionHandle method in type.GetMethods())
        {
            DocumentHandle document = files.GetMethodDebugInformation(method.ToDebugInformationHandle()).Document;
            if (!document.IsNil)
            {
                return document;
            }
        }
        foreach (CustomDebugInformationHandle information in files.GetCustomDebugInformation(handle))
        {
            CustomDebugInformation documents = files.GetCustomDebugInformation(information);
            if (files.GetGuid(documents.Kind) == s_typeDefinitionDocuments)
            {
                return MetadataTokens.DocumentHandle(files.GetBlobReader(documents.Value).ReadCompressedInteger());
            }
        }
        return default;
    }
}
