using System.Xml.Linq;
using Mono.Cecil;

namespace Carveout.DeviceSurface.Tests.Documentation;

/// <summary>Finds what is missing in a library's documentation. The compiler asks for less: some comment on each member.</summary>
/// <remarks>Words that only repeat a name or a type are not asked for: a parameter or a result that is an object of a class needs none.</remarks>
internal static class DocumentationGaps
{
    /// <summary>One line for each gap, such as <c>M:N.T.F(System.Int32): parameter 'length'</c>.</summary>
    public static IReadOnlyList<string> Of(DocumentedLibrary library)
    {
        var gaps = new List<string>();
        foreach (var member in Members(library))
        {
            var documentation = library.Of(member);
            gaps.AddRange(Missing(member, documentation, library.Of(member.DeclaringType ?? member))
                .Select(missing => $"{DocumentedLibrary.Id(member)}: {missing}"));
        }

        return gaps;
    }

    private static IEnumerable<IMemberDefinition> Members(DocumentedLibrary library) =>
        library.Types.Concat<IMemberDefinition>(library.Methods).Concat(library.Properties).Concat(library.Events).Concat(library.Fields);

    private static IEnumerable<string> Missing(IMemberDefinition member, XElement? documentation, XElement? ofType)
    {
        if (documentation == null)
        {
            return ["documentation"];
        }

        var missing = new List<string>();
        if (!Says(documentation.Element("summary")))
        {
            missing.Add("summary");
        }

        var method = Signature(member);
        if (method != null)
        {
            missing.AddRange(method.Parameters.Where(p => IsNumber(p.ParameterType) && !SaysOf(documentation, "param", p.Name))
                .Select(p => $"parameter '{p.Name}'"));
            if (method.ReturnType.IsValueType && method.ReturnType.FullName != "System.Void" && !Says(documentation.Element("returns")))
            {
                missing.Add("returns");
            }
        }

        // What all members of a class throw, the class says once.
        string[] documented = [.. documentation.Elements("exception").Concat(ofType?.Elements("exception") ?? []).Where(Says)
            .Select(e => (string?)e.Attribute("cref") ?? "")];
        missing.AddRange(Bodies(member)
            .SelectMany(ThrownExceptions.Of)
            .Where(group => !group.SelectMany(ThrownExceptions.Kinds).Any(kind => documented.Contains("T:" + kind.FullName)))
            .Where(group => !IsOfATypeThatForbidsNull(member, group) && !IsOfARange(member, group))
            .Select(group => string.Join(" or ", group.Select(exception => exception.FullName)))
            .Distinct());
        return missing;
    }

    /// <summary>Whether null where the type of a parameter allows none is all that is refused: docs/allocating.md says so for all
    /// calls.</summary>
    private static bool IsOfATypeThatForbidsNull(IMemberDefinition member, IReadOnlyCollection<TypeDefinition> group) =>
        group.Any(exception => exception.FullName == "System.ArgumentNullException")
        && Bodies(member).Any(body => body.Parameters.Any(parameter => !parameter.ParameterType.IsValueType));

    /// <summary>Whether a number outside of the range that its parameter's words give may be all that is refused: docs/allocating.md says so
    /// for all calls.</summary>
    private static bool IsOfARange(IMemberDefinition member, IReadOnlyCollection<TypeDefinition> group) =>
        group.Any(exception => exception.FullName == "System.ArgumentOutOfRangeException")
        && Bodies(member).Any(body => body.Parameters.Any(parameter => parameter.ParameterType.IsValueType));

    /// <summary>Whether a value is a number, a truth, or an array of these. Its type says neither unit nor range; a class's name says what
    /// it is.</summary>
    private static bool IsNumber(TypeReference type) => type.GetElementType().IsPrimitive;

    /// <summary>The member whose parameters and result the documentation describes; null if there is none.</summary>
    private static MethodDefinition? Signature(IMemberDefinition member) => member switch
    {
        MethodDefinition method => method,
        TypeDefinition type when DocumentedLibrary.IsDelegate(type) => type.Methods.Single(m => m.Name == "Invoke"),
        _ => null,
    };

    private static IEnumerable<MethodDefinition> Bodies(IMemberDefinition member) => member switch
    {
        MethodDefinition method => [method],
        PropertyDefinition property => DocumentedLibrary.Accessors(property).Where(DocumentedLibrary.IsVisible),
        _ => [],
    };

    private static bool SaysOf(XElement documentation, string element, string name) =>
        Says(documentation.Elements(element).SingleOrDefault(e => (string?)e.Attribute("name") == name));

    /// <summary>Whether there is text, or a reference instead.</summary>
    private static bool Says(XElement? element) =>
        element != null && (element.HasElements || !string.IsNullOrWhiteSpace(element.Value));
}
