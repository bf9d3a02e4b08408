using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Carveout.DeviceSurface;

/// <summary>Refuses test methods that nanoFramework's launcher cannot call.</summary>
/// <remarks>The launcher finds them by reflection, reads their attributes outside of any try, and calls them with null as the
/// instance.</remarks>
internal static class TestCheck
{
    private static readonly HashSet<string> s_testAttributes =
        ["TestMethodAttribute", "DataRowAttribute", "SetupAttribute", "CleanupAttribute"];

    public static void Run(ModuleDefinition module, FindingList findings)
    {
        foreach (var type in module.GetTypes().Where(IsTestClass))
        {
            foreach (var method in type.Methods.Where(m => m.CustomAttributes.Any(a => s_testAttributes.Contains(a.AttributeType.Name))))
            {
                CheckThis(method, findings);
                CheckDataRows(method, findings);
            }
        }
    }

    /// <summary>Whether a type is a test class, or nested in one.</summary>
    public static bool IsInTestClass(TypeDefinition type) =>
        IsTestClass(type) || (type.DeclaringType != null && IsInTestClass(type.DeclaringType));

    private static bool IsTestClass(TypeDefinition type) => type.CustomAttributes.Any(a => a.AttributeType.Name == "TestClassAttribute");

    private static void CheckThis(MethodDefinition method, FindingList findings)
    {
        const string Problem = "a test method that uses 'this': the device calls it without an instance, so keep state in static fields";
        if (method is { HasThis: true, HasBody: true })
        {
            foreach (var instruction in method.Body.Instructions.Where(i => i.OpCode.Code == Code.Ldarg_0))
            {
                findings.Add(method, instruction.Offset, FindingCode.TestInstance, Problem);
            }
        }
    }

    private static void CheckDataRows(MethodDefinition method, FindingList findings)
    {
        foreach (var row in method.CustomAttributes.Where(a => a.AttributeType.FullName == "nanoFramework.TestFramework.DataRowAttribute"))
        {
            if (Unreadable(row) is { } argument)
            {
                findings.Add(method, 0, FindingCode.DataRow, $"a [DataRow] with {argument}: the test run ends there; pass numbers and strings only");
            }
        }
    }

    /// <summary>The part of a data row that the metadata processor writes in a form which the runtime cannot read, or null.</summary>
    private static string? Unreadable(CustomAttribute row)
    {
        CustomAttributeArgument[]? arguments;
        try
        {
            arguments = (CustomAttributeArgument[]?)row.ConstructorArguments[0].Value;
        }
        catch (AssemblyResolutionException)
        {
            // The attribute does not contain the size of an enum from another assembly.
            return "an enum";
        }

        return arguments switch
        {
            null => "null",
            [] => "no argument",
            _ => arguments.Select(a => Unreadable((CustomAttributeArgument)a.Value)).FirstOrDefault(u => u != null),
        };
    }

    private static string? Unreadable(CustomAttributeArgument argument) => argument switch
    {
        { Value: null } => "null",
        { Type.IsArray: true } => "an array",
        { Type.IsPrimitive: true } or { Type.MetadataType: MetadataType.String } => null,
        { Type.FullName: "System.Type" } => "a type",
        _ => "an enum",
    };
}
