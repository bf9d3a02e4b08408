using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Carveout.DeviceSurface;

/// <summary>Refuses what the C# compiler accepts and nanoFramework's runtime or metadata processor does not.</summary>
/// <remarks>It reads IL and metadata only, so it says nothing about values: sizes, divisors, conversions of large numbers.</remarks>
internal sealed class IlCheck
{
    /// <summary>The device counts locals, arguments and stack slots in a byte each, and needs a few for itself.</summary>
    private const int MostSlots = 250;

    /// <summary>What the interpreter's main switch lists as unsupported, by mnemonic.</summary>
    private static readonly Dictionary<string, string> _unsupported = new()
    {
        ["arglist"] = "the instruction arglist",
        ["calli"] = "the instruction calli",
        ["ckfinite"] = "the instruction ckfinite",
        ["cpblk"] = "the instruction cpblk",
        ["initblk"] = "the instruction initblk",
        ["jmp"] = "the instruction jmp",
        ["localloc"] = "stackalloc",
        ["mkrefany"] = "the instruction mkrefany",
        ["readonly."] = "the instruction readonly.",
        ["refanytype"] = "the instruction refanytype",
        ["refanyval"] = "the instruction refanyval",
    };

    private static readonly HashSet<string> _addresses =
        ["ldloca", "ldloca.s", "ldarga", "ldarga.s", "ldflda", "ldsflda", "ldelema"];

    /// <summary>The launcher finds these methods by reflection and calls them with null for the instance.</summary>
    private static readonly HashSet<string> _testAttributes =
        ["TestMethodAttribute", "DataRowAttribute", "SetupAttribute", "CleanupAttribute"];

    private readonly string _path;
    private readonly PEReader _assembly;
    private readonly MetadataReader _metadata;
    private readonly ConstructFinder _constructs;
    private readonly SourcePlaces _places;
    private readonly bool _hasNativeVersion;
    private readonly List<Finding> _findings = [];
    private readonly HashSet<(string Place, string Code)> _reported = [];

    private IlCheck(string path, PEReader assembly, SourcePlaces places)
    {
        _path = path;
        _assembly = assembly;
        _metadata = assembly.GetMetadataReader();
        _constructs = new ConstructFinder(_metadata);
        _places = places;
        _hasNativeVersion = HasAttribute(_metadata.GetAssemblyDefinition().GetCustomAttributes(), "AssemblyNativeVersionAttribute");
    }

    /// <summary>Checks one compiled assembly. Lines are known where its pdb lies beside it.</summary>
    /// <exception cref="BadImageFormatException">The file is no .NET assembly.</exception>
    public static IReadOnlyList<Finding> Run(string path)
    {
        using var assembly = new PEReader(File.OpenRead(path));
        if (!assembly.HasMetadata)
        {
            throw new BadImageFormatException();
        }

        using var places = new SourcePlaces(path, assembly);
        var check = new IlCheck(path, assembly, places);
        foreach (var type in check._metadata.TypeDefinitions)
        {
            check.CheckType(type);
        }

        return check._findings;
    }

    private void CheckType(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        string name = NameOf(handle);
        if (type.GetGenericParameters().Count > 0)
        {
            Report(handle, FindingCode.Generic, name + ": a generic type");
        }

        // The compiler turns each 'fixed byte Data[8]' into a nested struct '<Data>e__FixedBuffer'.
        if (name.EndsWith(">e__FixedBuffer", StringComparison.Ordinal))
        {
            var owner = type.GetDeclaringType();
            Report(owner, FindingCode.FixedBuffer, NameOf(owner) + ": a fixed-size buffer");
        }

        Report(handle, _constructs.Find(type.BaseType), name + ": the base type is ");
        foreach (var implementation in type.GetInterfaceImplementations())
        {
            var implemented = _metadata.GetInterfaceImplementation(implementation).Interface;
            Report(handle, _constructs.Find(implemented), name + ": the interface is ");
        }

        foreach (var fieldHandle in type.GetFields())
        {
            var field = _metadata.GetFieldDefinition(fieldHandle);
            Report(handle, _constructs.Find(field), $"{name}.{_metadata.GetString(field.Name)}: the field is ");
        }

        foreach (var method in type.GetMethods())
        {
            CheckMethod(method, type, name);
        }
    }

    private void CheckMethod(MethodDefinitionHandle handle, TypeDefinition type, string typeName)
    {
        var method = _metadata.GetMethodDefinition(handle);
        var at = new MethodPlace(handle, $"{typeName}.{_metadata.GetString(method.Name)}: ");
        if (method.GetGenericParameters().Count > 0)
        {
            Report(at, 0, FindingCode.Generic, "a generic method");
        }

        var signature = _constructs.Find(method);
        Report(at, 0, signature.ReturnType, "returns ");
        foreach (var parameter in signature.ParameterTypes)
        {
            Report(at, 0, parameter, "a parameter is ");
        }

        int arguments = signature.ParameterTypes.Length + (signature.Header.IsInstance ? 1 : 0);
        if (arguments > MostSlots)
        {
            Report(at, 0, FindingCode.TooManySlots, $"{arguments} arguments; the device counts them in a byte (at most {MostSlots})");
        }

        if ((method.ImplAttributes & MethodImplAttributes.InternalCall) != 0 && !_hasNativeVersion)
        {
            const string Problem = "a native method (InternalCall) in an assembly without AssemblyNativeVersion: no firmware can be asked for";
            Report(at, 0, FindingCode.NativeVersion, Problem);
        }

        bool hasBody = method.RelativeVirtualAddress != 0;
        if (hasBody && (type.Attributes & TypeAttributes.Interface) != 0)
        {
            Report(at, 0, FindingCode.InterfaceBody, "a method body in an interface");
        }

        if ((method.Attributes & MethodAttributes.PinvokeImpl) != 0)
        {
            Report(at, 0, FindingCode.PlatformInvoke, "DllImport");
        }

        if (hasBody)
        {
            CheckBody(at, _assembly.GetMethodBody(method.RelativeVirtualAddress));
            if (signature.Header.IsInstance && HasAttribute(type.GetCustomAttributes(), "TestClassAttribute"))
            {
                CheckTestMethod(at, method);
            }
        }
    }

    private void CheckBody(MethodPlace at, MethodBodyBlock body)
    {
        if (body.MaxStack > MostSlots)
        {
            Report(at, 0, FindingCode.TooManySlots, $"an evaluation stack of {body.MaxStack} (at most {MostSlots})");
        }

        var locals = _constructs.FindLocals(body.LocalSignature);
        if (locals.Length > MostSlots)
        {
            string problem = $"{locals.Length} local variables; the device counts them in a byte (at most {MostSlots})";
            Report(at, 0, FindingCode.TooManySlots, problem);
        }

        foreach (var local in locals)
        {
            Report(at, 0, local, "a local is ");
        }

        foreach (var region in body.ExceptionRegions)
        {
            Report(at, region.HandlerOffset, _constructs.Find(region.CatchType), "catches ");
        }

        string previous = "";
        foreach (var instruction in Instruction.ReadAll(body.GetILReader()))
        {
            CheckInstruction(at, instruction, previous);
            Report(at, instruction.Offset, _constructs.Find(instruction.Token), "uses ");
            previous = instruction.Name;
        }
    }

    private void CheckInstruction(MethodPlace at, Instruction instruction, string previous)
    {
        string name = instruction.Name;
        if (name is "conv.ovf.i" or "conv.ovf.i.un")
        {
            string problem = $"'checked', or an array size or index of type long ({name}): the device does not check it";
            Report(at, instruction.Offset, FindingCode.OverflowCheck, problem);
        }
        else if (name.Contains(".ovf"))
        {
            Report(at, instruction.Offset, FindingCode.OverflowCheck, $"'checked' ({name}): the device does not check it");
        }
        else if (_unsupported.TryGetValue(name, out string? description))
        {
            Report(at, instruction.Offset, FindingCode.Unmanaged, description);
        }
        else if (name is "conv.u" or "conv.i" && _addresses.Contains(previous))
        {
            Report(at, instruction.Offset, FindingCode.Unmanaged, "a pointer (an address as a number)");
        }
    }

    private void CheckTestMethod(MethodPlace at, MethodDefinition method)
    {
        if (!_testAttributes.Any(name => HasAttribute(method.GetCustomAttributes(), name)))
        {
            return;
        }

        const string Problem =
            "a test method that uses 'this': the device calls it without an instance, so keep state in static fields";
        var body = _assembly.GetMethodBody(method.RelativeVirtualAddress);
        foreach (var instruction in Instruction.ReadAll(body.GetILReader()).Where(i => i.Name == "ldarg.0"))
        {
            Report(at, instruction.Offset, FindingCode.TestInstance, Problem);
        }
    }

    private bool HasAttribute(CustomAttributeHandleCollection attributes, string name)
    {
        foreach (var handle in attributes)
        {
            var constructor = _metadata.GetCustomAttribute(handle).Constructor;
            if (constructor.Kind == HandleKind.MemberReference
                && _metadata.GetMemberReference((MemberReferenceHandle)constructor).Parent is { Kind: HandleKind.TypeReference } type
                && _metadata.StringComparer.Equals(_metadata.GetTypeReference((TypeReferenceHandle)type).Name, name))
            {
                return true;
            }
        }

        return false;
    }

    private string NameOf(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        string name = _metadata.GetString(type.Name);
        if (type.IsNested)
        {
            return NameOf(type.GetDeclaringType()) + "." + name;
        }

        return type.Namespace.IsNil ? name : _metadata.GetString(type.Namespace) + "." + name;
    }

    private void Report(MethodPlace at, int offset, Construct? construct, string what)
    {
        if (construct != null)
        {
            Report(at, offset, construct.Code, what + construct.Text);
        }
    }

    private void Report(TypeDefinitionHandle type, Construct? construct, string what)
    {
        if (construct != null)
        {
            Report(type, construct.Code, what + construct.Text);
        }
    }

    private void Report(MethodPlace at, int offset, string code, string text) =>
        Report(_places.Find(at.Method, offset), code, at.Prefix + text);

    private void Report(TypeDefinitionHandle type, string code, string text) => Report(_places.Find(type), code, text);

    private void Report(string? place, string code, string text)
    {
        // One message a line: a local and each of its uses would say the same.
        if (place == null || _reported.Add((place, code)))
        {
            _findings.Add(new Finding(place ?? _path, code, text + " (not on nanoFramework)"));
        }
    }

    /// <summary>A method, and how messages about it begin.</summary>
    private readonly record struct MethodPlace(MethodDefinitionHandle Method, string Prefix);
}
