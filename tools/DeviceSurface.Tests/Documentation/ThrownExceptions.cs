using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Carveout.DeviceSurface.Tests.Documentation;

/// <summary>Which exceptions a method throws by its own code: that of its body, and of what it calls that nobody outside can call.</summary>
/// <remarks>
/// A callee that is visible documents its own; of one that is virtual nobody knows which body runs. What is caught inside is not told
/// apart: the libraries catch where they say so, and then a method has nothing to document.
/// </remarks>
internal sealed class ThrownExceptions
{
    private readonly Dictionary<MethodDefinition, HashSet<TypeDefinition>> _known = [];

    public IReadOnlySet<TypeDefinition> Of(MethodDefinition method) => Find(method);

    /// <summary>An exception's type and those that it is derived from, but for Exception itself: whoever documents one of them documents it.</summary>
    public static IEnumerable<TypeDefinition> Kinds(TypeDefinition exception)
    {
        for (var type = exception; type != null && type.FullName != "System.Exception"; type = type.BaseType?.Resolve())
        {
            yield return type;
        }
    }

    private HashSet<TypeDefinition> Find(MethodDefinition method)
    {
        if (_known.TryGetValue(method, out var found))
        {
            return found;
        }

        found = [];
        _known.Add(method, found);
        if (!method.HasBody || method.Body.ExceptionHandlers.Any(h => h.HandlerType == ExceptionHandlerType.Catch))
        {
            return found;
        }

        // A method that returns an exception makes it for the one that throws it.
        bool makes = IsException(method.ReturnType) || method.Body.Instructions.Any(i => i.OpCode == OpCodes.Throw);
        foreach (var instruction in method.Body.Instructions)
        {
            if (instruction.Operand is not MethodReference called)
            {
                continue;
            }

            if (instruction.OpCode == OpCodes.Newobj && IsException(called.DeclaringType))
            {
                if (makes)
                {
                    found.Add(called.DeclaringType.Resolve());
                }
            }
            else if (called.Resolve() is { } callee && callee.Module == method.Module && !IsVisibleOutside(callee))
            {
                found.UnionWith(Find(callee));
            }
        }

        return found;
    }

    private static bool IsVisibleOutside(MethodDefinition method)
    {
        for (var type = method.DeclaringType; type != null; type = type.DeclaringType)
        {
            if (type.IsNotPublic || type.IsNestedPrivate || type.IsNestedAssembly)
            {
                return false;
            }
        }

        return DocumentedLibrary.IsVisible(method);
    }

    private static bool IsException(TypeReference type)
    {
        for (var current = type; current != null; current = current.Resolve()?.BaseType)
        {
            if (current.FullName == "System.Exception")
            {
                return true;
            }
        }

        return false;
    }
}
