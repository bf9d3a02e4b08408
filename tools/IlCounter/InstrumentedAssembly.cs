using Mono.Cecil;

namespace Carveout.IlCounter;

/// <summary>Rewrites assemblies so that running them counts the IL instructions, accesses and calls that they execute.</summary>
/// <remarks>
/// <para>
/// Assemblies that refer to each other are rewritten in one call: the counter class goes into one of them, and all count into it.
/// Every method body is instrumented, constructors and static constructors included. Calls of methods with [Conditional], which check what
/// only some builds check, are taken out. Symbols are not carried over.
/// </para>
/// <para>
/// Equal input gives equal output, byte for byte. Nothing is written to a file.
/// </para>
/// </remarks>
public static class InstrumentedAssembly
{
    /// <summary>Rewrites assemblies together; the result is in the order of the input.</summary>
    /// <exception cref="InstrumentationException">
    /// An input is not a managed assembly, or holds native code; two have the same assembly name or file name; or there is no input.
    /// </exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static IReadOnlyList<RewrittenAssembly> Rewrite(IReadOnlyList<string> inputPaths)
    {
        if (inputPaths.Count == 0)
            throw new InstrumentationException("no assembly to instrument");

        var modules = new List<ModuleDefinition>();
        try
        {
            foreach (string path in inputPaths)
                modules.Add(OriginalAssembly.Read(path));
            RefuseEqualNames(inputPaths, modules);

            var counter = CounterType.InjectInto(modules[IndexOfHolder(modules)]);
            var rewritten = new List<RewrittenAssembly>();
            for (int i = 0; i < modules.Count; i++)
            {
                var module = modules[i];
                string path = inputPaths[i];
                rewritten.Add(OriginalAssembly.Guard(path, () => Instrument(module, counter, Path.GetFileName(path))));
            }
            return rewritten;
        }
        finally
        {
            foreach (var module in modules)
                module.Dispose();
        }
    }

    /// <summary>The first module that refers to none of the others, so that no reference upwards is added.</summary>
    private static int IndexOfHolder(List<ModuleDefinition> modules)
    {
        var names = modules.Select(module => module.Assembly.Name.Name).ToHashSet();
        int lowest = modules.FindIndex(module => !module.AssemblyReferences.Any(reference => names.Contains(reference.Name)));

        // A circle of references has no lowest module. The runtime binds references lazily, so any of them will do.
        return Math.Max(lowest, 0);
    }

    private static RewrittenAssembly Instrument(ModuleDefinition module, CounterType counter, string fileName)
    {
        var fields = counter.SeenFrom(module);
        var sizes = new List<MethodSize>();
        foreach (var method in module.GetTypes().SelectMany(type => type.Methods))
        {
            if (!method.HasBody || method.Body.Instructions.Count == 0 || method.DeclaringType.FullName == CounterType.FullName)
                continue;
            ConditionalCalls.TakeOut(method.Body);
            sizes.Add(new MethodSize(NameOf(method), method.Body.Instructions.Count, method.Body.CodeSize));
            BlockCounting.Insert(method.Body, fields);
        }

        var image = new MemoryStream();
        module.Write(image);
        return new RewrittenAssembly(module.Assembly.Name.Name, fileName, image.ToArray(), sizes);
    }

    private static string NameOf(MethodDefinition method)
    {
        string parameters = string.Join(", ", method.Parameters.Select(parameter => parameter.ParameterType.Name));
        return $"{method.DeclaringType.FullName.Replace('/', '.')}.{method.Name}({parameters})";
    }

    private static void RefuseEqualNames(IReadOnlyList<string> paths, List<ModuleDefinition> modules)
    {
        for (int i = 1; i < modules.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                bool isSameFileName = Path.GetFileName(paths[i]) == Path.GetFileName(paths[j]);
                if (isSameFileName || modules[i].Assembly.Name.Name == modules[j].Assembly.Name.Name)
                    throw new InstrumentationException($"{paths[i]}: has the same name as {paths[j]}");
            }
        }
    }
}
