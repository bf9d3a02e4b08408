using Mono.Cecil;

namespace Carveout.DeviceSurface;

/// <summary>The values that an attribute was given.</summary>
internal static class AttributeValues
{
    /// <summary>All values, one by one, also those of an array. Empty if one is an enum of an assembly that is not here.</summary>
    public static IEnumerable<CustomAttributeArgument> Of(CustomAttribute attribute)
    {
        try
        {
            return [.. attribute.ConstructorArguments.SelectMany(Single)];
        }
        catch (AssemblyResolutionException)
        {
            return [];
        }
    }

    private static IEnumerable<CustomAttributeArgument> Single(CustomAttributeArgument argument) => argument.Value switch
    {
        CustomAttributeArgument boxed => Single(boxed),
        CustomAttributeArgument[] several => several.SelectMany(Single),
        _ => [argument],
    };
}
