using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Carveout.Emulator.Tests.Architecture;

/// <summary>The source files of an assembly's types, as its symbols have them.</summary>
internal static class SourceFolders
{
    /// <summary>What the compiler writes of a type none of whose members has code: an enum, say.</summary>
    private static readonly Guid s_typeDefinitionDocuments = new("932E74BC-DBA9-4478-8D46-0F32A7BAB3D3");

    /// <summary>A source file of each type that was written as one; types that the compiler made up are left out.</summary>
    /// <param name="assembly">The assembly's file, with its .pdb beside it.</param>
    /// <returns>Paths by metadata token; of a nested type, that of the type it is in.</returns>
    public static Dictionary<int, string> Read(string assembly)
    {
        using var image = new PEReader(File.OpenRead(assembly));
        using MetadataReaderProvider symbols = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(Path.ChangeExtension(assembly, ".pdb")));
        MetadataReader types = image.GetMetadataReader(), files = symbols.GetMetadataReader();
        var found = new Dictionary<int, string>();
        // A nested type stands behind the type it is in.
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
