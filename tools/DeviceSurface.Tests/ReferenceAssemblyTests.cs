using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace Carveout.DeviceSurface.Tests;

/// <summary>Each listing against its reference assembly. The listings are read here by other means than the product's.</summary>
[TestClass]
public sealed partial class ReferenceAssemblyTests
{
    public static IEnumerable<string> ListingNames =>
        Directory.GetFiles(Locations.Listings, "*.txt").Select(p => Path.GetFileNameWithoutExtension(p));

    [TestMethod]
    [DynamicData(nameof(ListingNames))]
    public void HasTheListedTypesAndNoOthers(string name)
    {
        using var assembly = Open(name);
        var metadata = assembly.GetMetadataReader();
        var listed = Lines(name).Select(l => TypeLine().Match(l)).Where(m => m.Success).Select(m => m.Groups["name"].Value);
        var defined = PublicTypes(metadata).Select(t => FullName(metadata, t));

        Assert.AreEqual(Sorted(listed), Sorted(defined));
    }

    [TestMethod]
    [DynamicData(nameof(ListingNames))]
    public void HasAsManyMembersAsListed(string name)
    {
        using var assembly = Open(name);
        var metadata = assembly.GetMetadataReader();
        int listed = Lines(name).Count(l => l.StartsWith("    ", StringComparison.Ordinal));
        int defined = PublicTypes(metadata).Where(t => !IsDelegate(metadata, t)).Sum(t => CountMembers(metadata, t));

        Assert.AreEqual(listed, defined);
    }

    [TestMethod]
    [DynamicData(nameof(ListingNames))]
    public void IsTheSameEveryTime(string name)
    {
        var surface = Surface.Load(Locations.Listings);
        byte[] again = ReferenceAssembly.Emit(surface, surface.Assemblies.Single(a => a.Name == name));

        Assert.IsTrue(File.ReadAllBytes(PathOf(name)).AsSpan().SequenceEqual(again));
    }

    private static IEnumerable<string> Lines(string name) => File.ReadLines(Path.Combine(Locations.Listings, name + ".txt"));

    private static string PathOf(string name) => DeviceReferences.Paths.Single(p => Path.GetFileNameWithoutExtension(p) == name);

    private static PEReader Open(string name) => new(File.OpenRead(PathOf(name)));

    private static string Sorted(IEnumerable<string> names) => string.Join('\n', names.Order(StringComparer.Ordinal));

    private static IEnumerable<TypeDefinition> PublicTypes(MetadataReader metadata) =>
        from handle in metadata.TypeDefinitions
        let type = metadata.GetTypeDefinition(handle)
        where (type.Attributes & TypeAttributes.VisibilityMask) is TypeAttributes.Public or TypeAttributes.NestedPublic
        select type;

    private static string FullName(MetadataReader metadata, TypeDefinition type)
    {
        string name = metadata.GetString(type.Name);
        if (type.IsNested)
        {
            return FullName(metadata, metadata.GetTypeDefinition(type.GetDeclaringType())) + "." + name;
        }

        return type.Namespace.IsNil ? name : metadata.GetString(type.Namespace) + "." + name;
    }

    private static bool IsDelegate(MetadataReader metadata, TypeDefinition type)
    {
        var baseName = type.BaseType switch
        {
            { IsNil: true } => default,
            { Kind: HandleKind.TypeDefinition } => metadata.GetTypeDefinition((TypeDefinitionHandle)type.BaseType).Name,
            _ => metadata.GetTypeReference((TypeReferenceHandle)type.BaseType).Name,
        };
        return metadata.StringComparer.Equals(baseName, "MulticastDelegate");
    }

    /// <summary>As a listing counts them: without accessors, the value of an enum and the private state of a struct.</summary>
    private static int CountMembers(MetadataReader metadata, TypeDefinition type)
    {
        var fields = type.GetFields().Select(f => metadata.GetFieldDefinition(f).Attributes);
        var methods = type.GetMethods().Select(m => metadata.GetString(metadata.GetMethodDefinition(m).Name));
        return type.GetProperties().Count
            + type.GetEvents().Count
            + fields.Count(a => (a & FieldAttributes.FieldAccessMask) != FieldAttributes.Private && !a.HasFlag(FieldAttributes.SpecialName))
            + methods.Count(n => !Accessor().IsMatch(n));
    }

    [GeneratedRegex(@"^(?:\[[^\]]*\] )*(?:[a-z]+ )*?(?:class|struct|interface|enum|delegate \S+) (?<name>[^\s(]+)")]
    private static partial Regex TypeLine();

    [GeneratedRegex("^(?:get|set|add|remove)_")]
    private static partial Regex Accessor();
}
