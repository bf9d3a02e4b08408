using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Carveout.DeviceSurface.Tests.Documentation;

/// <summary>Finds the exceptions that a method throws by its own code: its body, and the callees that nobody outside can call.</summary>
/// <remarks>
/// A visible callee documents its own exceptions. For a virtual callee nobody knows which body runs. Exceptions that are caught inside are
/// not excluded: the libraries say where they catch, and such a method has nothing to document.
/// </remarks>
internal static class ThrownExceptions
{
    /// <summary>Groups of exceptions, at least one of which is thrown. If a method makes exceptions for others to throw, its arguments may
    /// decide which one, so they are one group.</summary>
    public static IEnumerable<IReadOnlyCollection<TypeDefinition>> Of(MethodDefinition method)
    {
        var thrown = new List<HashSet<TypeDefinition>>();
        var seen = new HashSet<MethodDefinition> { method };
        var waiting = new Stack<MethodDefinition>(seen);
        while (waiting.TryPop(out var next))
        {
            if (!next.HasBody || next.Body.ExceptionHandlers.Any(h => h.HandlerType == ExceptionHandlerType.Catch))
            {
                continue;
            }

            var made = new HashSet<TypeDefinition>();
            bool makesForOthers = IsException(next.ReturnType);
            bool throws = next.Body.Instructions.Any(i => i.OpCode == OpCodes.Throw);
            if (next == method && makesForOthers && !throws)
            {
                return [];                                          // what it makes it returns
            }

            bool makes = makesForOthers || throws;
            foreach (var instruction in next.Body.Instructions)
            {
                if (instruction.Operand is not MethodReference called || called.Resolve() is not { } callee)
                {
                    continue;
                }

                if (makes && instruction.OpCode == OpCodes.Newobj && IsException(callee.DeclaringType))
                {
                    made.Add(callee.DeclaringType);
                }
                else if (callee.Module == method.Module && !IsVisibleOutside(callee) && seen.Add(callee))
                {
                    waiting.Push(callee);
                }
            }

            thrown.AddRange(makesForOthers ? [made] : made.Select(exception => new HashSet<TypeDefinition> { exception }));
        }

        return thrown.Where(group => group.Count > 0);
    }

    /// <summary>An exception's type and its base types, except Exception itself: documenting one of them documents it.</summary>
    public static IEnumerable<TypeDefinition> Kinds(TypeDefinition exception)
    {
        for (var type = exception; type != null && type.FullName != "System.Exception"; type = type.BaseType?.Resolve())
        {
            yield return type;
        }
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
