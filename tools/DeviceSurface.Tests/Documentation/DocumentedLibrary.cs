using System.Xml.Linq;
using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace Carveout.DeviceSurface.Tests.Documentation;

/// <summary>A packed library: its visible part, and the documentation of that.</summary>
internal sealed class DocumentedLibrary : IDisposable
{
    private readonly DefaultAssemblyResolver _resolver = new();
    private readonly AssemblyDefinition _assembly;
    private readonly Dictionary<string, XElement> _documentation;

    /// <param name="path">The assembly, as the surface check builds it, with its documentation beside it.</param>
    public DocumentedLibrary(string path)
    {
        foreach (string library in DeviceLibraries.Paths.Append(path))
        {
            _resolver.AddSearchDirectory(Path.GetDirectoryName(library));
        }

        _resolver.AddSearchDirectory(Locations.Surface);
        _assembly = AssemblyDefinition.ReadAssembly(path, new ReaderParameters { AssemblyResolver = _resolver });
        _documentation = XDocument.Load(Path.ChangeExtension(path, ".xml"))
            .Descendants("member")
            .ToDictionary(m => (string)m.Attribute("name")!);
    }

    /// <summary>Types that code outside of the library can name, including delegates.</summary>
    public IEnumerable<TypeDefinition> Types => _assembly.MainModule.GetTypes().Where(IsVisible);

    /// <summary>Methods and constructors, without those of properties and events, and without the constructor that the compiler adds, since
    /// nobody could document it. For a written constructor without parameters the compiler already asks for everything.</summary>
    public IEnumerable<MethodDefinition> Methods => Types
        .Where(t => !IsDelegate(t))
        .SelectMany(t => t.Methods)
        .Where(m => IsVisible(m) && !m.IsGetter && !m.IsSetter && !m.IsAddOn && !m.IsRemoveOn && !IsUndocumentedDefault(m));

    public IEnumerable<PropertyDefinition> Properties => Types.SelectMany(t => t.Properties).Where(p => Accessors(p).Any(IsVisible));

    public IEnumerable<EventDefinition> Events => Types.SelectMany(t => t.Events).Where(e => IsVisible(e.AddMethod));

    /// <summary>Fields, constants and the names of enums.</summary>
    public IEnumerable<FieldDefinition> Fields => Types
        .Where(t => !IsDelegate(t))
        .SelectMany(t => t.Fields)
        .Where(f => (f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly) && !f.IsSpecialName);

    public static bool IsDelegate(TypeDefinition type) => type.BaseType?.FullName == "System.MulticastDelegate";

    public static IEnumerable<MethodDefinition> Accessors(PropertyDefinition property) =>
        new[] { property.GetMethod, property.SetMethod }.Where(m => m != null);

    public static bool IsVisible(MethodDefinition method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    /// <summary>The name in the documentation file, such as <c>M:Carveout.Memory.Zone.Free(System.UInt32)</c>.</summary>
    public static string Id(IMemberDefinition member) => DocCommentId.GetDocCommentId(member);

    /// <summary>The documentation of a member, including inherited documentation; null if there is none.</summary>
    public XElement? Of(IMemberDefinition member)
    {
        var documentation = _documentation.GetValueOrDefault(Id(member));
        if (documentation?.Element("inheritdoc") is not { } inheritance)
        {
            return documentation;
        }

        var inherited = inheritance.Attribute("cref") is { } source
            ? _documentation.GetValueOrDefault((string)source)
            : OfOverridden(member);
        var own = documentation.Elements().Where(e => e != inheritance).ToArray();
        return inherited == null ? null : new XElement("member", own, inherited.Elements().Where(e => !own.Any(mine => SaysTheSame(mine, e))));
    }

    /// <summary>Whether an element stands in place of an inherited one.</summary>
    private static bool SaysTheSame(XElement mine, XElement inherited) => mine.Name == inherited.Name
        && (string?)mine.Attribute("name") == (string?)inherited.Attribute("name") && (string?)mine.Attribute("cref") == (string?)inherited.Attribute("cref");

    public void Dispose()
    {
        _assembly.Dispose();
        _resolver.Dispose();
    }

    private XElement? OfOverridden(IMemberDefinition member)
    {
        var method = member as MethodDefinition ?? Accessors((PropertyDefinition)member).First();
        var overridden = method.GetBaseMethod();
        if (overridden == method)
        {
            overridden = method.DeclaringType.Interfaces
                .SelectMany(i => i.InterfaceType.Resolve().Methods)
                .FirstOrDefault(m => m.Name == method.Name && m.Parameters.Select(TypeName).SequenceEqual(method.Parameters.Select(TypeName)));
        }

        if (overridden == null)
        {
            return null;
        }

        IMemberDefinition inherited = member is MethodDefinition
            ? overridden
            : overridden.DeclaringType.Properties.Single(p => Accessors(p).Contains(overridden));
        if (overridden.Module == _assembly.MainModule)
        {
            return Of(inherited);
        }

        string path = overridden.Module.FileName;
        if (!DeviceLibraries.Paths.Contains(path))
        {
            return null;
        }

        using var other = new DocumentedLibrary(path);
        return other.Of(inherited);
    }

    private static string TypeName(ParameterDefinition parameter) => parameter.ParameterType.FullName;

    private static bool IsVisible(TypeDefinition type) =>
        type.IsPublic || ((type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamilyOrAssembly) && IsVisible(type.DeclaringType));

    private bool IsUndocumentedDefault(MethodDefinition method) =>
        method is { IsConstructor: true, HasParameters: false } && !_documentation.ContainsKey(Id(method));
}
