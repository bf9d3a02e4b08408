using System.Reflection;
using System.Runtime.CompilerServices;

namespace Carveout.IlCounter;

/// <summary>Runs instrumented assemblies in their own load context, and reads what they have executed.</summary>
/// <remarks>
/// <para>
/// The types inside are not those that the caller was compiled against, even if their names are equal. So only primitives, strings, arrays
/// of these, delegates, and objects from inside held as <c>object</c> can cross the border.
/// </para>
/// <para>
/// Each meter has its own counts. They are exact as long as only one thread at a time runs its code. A finalizer inside counts as well,
/// whenever the collector runs it.
/// </para>
/// <para>
/// When a meter is returned, all static constructors have run, as they run before Main on the device. So no measurement contains one by
/// accident.
/// </para>
/// </remarks>
public sealed class IlMeter
{
    private readonly IReadOnlyList<Assembly> _assemblies;
    private readonly Func<long> _instructions;
    private readonly Func<long> _arrayAccesses;
    private readonly Func<long> _fieldAccesses;
    private readonly Func<long> _calls;

    private IlMeter(IReadOnlyList<Assembly> assemblies, Type counter)
    {
        _assemblies = assemblies;
        _instructions = Getter(counter, nameof(IlCount.Instructions));
        _arrayAccesses = Getter(counter, nameof(IlCount.ArrayAccesses));
        _fieldAccesses = Getter(counter, nameof(IlCount.FieldAccesses));
        _calls = Getter(counter, nameof(IlCount.Calls));
    }

    /// <summary>Instruments assemblies together, in memory, and loads them. The files do not change.</summary>
    /// <exception cref="InstrumentationException">
    /// A file cannot be instrumented (see <see cref="InstrumentedAssembly"/>), or something that it needs is missing.
    /// </exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="TypeInitializationException">A static constructor failed.</exception>
    public static IlMeter Load(params string[] assemblies)
    {
        var images = InstrumentedAssembly.Rewrite(assemblies).ToDictionary(assembly => assembly.Name, assembly => assembly.Image);
        var loaded = new MeteredLoadContext(images).LoadAll();
        foreach (var assembly in loaded)
            RunStaticConstructors(assembly);
        return new IlMeter(loaded, loaded.Select(assembly => assembly.GetType(CounterType.FullName)).OfType<Type>().Single());
    }

    /// <summary>A type inside, by its full name with <c>+</c> before a nested one.</summary>
    /// <exception cref="TypeLoadException">No loaded assembly has it, or several have.</exception>
    public Type FindType(string typeName)
    {
        var found = _assemblies.Select(assembly => assembly.GetType(typeName)).OfType<Type>().ToList();
        return found.Count == 1
            ? found[0]
            : throw new TypeLoadException($"{found.Count} instrumented assemblies have a type {typeName}, not one");
    }

    /// <summary>Creates an object of a type inside. Exceptions of its constructor pass through.</summary>
    /// <remarks>An enum is passed as its underlying type. The types of all other arguments must be exact, without widening.</remarks>
    /// <exception cref="TypeLoadException">There is no such type.</exception>
    /// <exception cref="MissingMethodException">No constructor, or more than one, takes the arguments.</exception>
    public object Create(string typeName, params object?[] arguments) => MemberBinding.Construct(FindType(typeName), arguments);

    /// <summary>A delegate to an instance method inside, of any visibility. A property's methods are <c>get_Name</c> and
    /// <c>set_Name</c>.</summary>
    /// <remarks>
    /// In the delegate's type, <c>object</c> may stand for a class from inside, an enum's underlying type for the enum, and <c>void</c> for
    /// any result. If the types are exact, the delegate calls the method directly. Otherwise a compiled adaptor converts, which takes time
    /// but no counted instruction.
    /// </remarks>
    /// <exception cref="MissingMethodException">No method, or more than one, has the name and the shape.</exception>
    public TDelegate Bind<TDelegate>(object target, string method)
        where TDelegate : Delegate
    {
        ArgumentNullException.ThrowIfNull(target);
        return MemberBinding.Bind<TDelegate>(target.GetType(), target, method);
    }

    /// <summary>A delegate to a static method inside; for the rest see <see cref="Bind{TDelegate}"/>.</summary>
    /// <exception cref="TypeLoadException">There is no such type.</exception>
    /// <exception cref="MissingMethodException">No method, or more than one, has the name and the shape.</exception>
    public TDelegate BindStatic<TDelegate>(string typeName, string method)
        where TDelegate : Delegate => MemberBinding.Bind<TDelegate>(FindType(typeName), null, method);

    /// <summary>All counts since the assemblies were loaded, including static constructors. Subtract two readings.</summary>
    public IlCount Read() => new(_instructions(), _arrayAccesses(), _fieldAccesses(), _calls());

    /// <summary>Only the instructions, with one delegate call, for loops that read around every operation.</summary>
    public long ReadInstructions() => _instructions();

    /// <summary>What was executed inside while an action ran. The action's own code is outside and is not counted.</summary>
    public IlCount Measure(Action action)
    {
        var before = Read();
        action();
        return Read() - before;
    }

    private static void RunStaticConstructors(Assembly assembly)
    {
        try
        {
            RuntimeHelpers.RunModuleConstructor(assembly.ManifestModule.ModuleHandle);
            foreach (var type in assembly.GetTypes())
            {
                // A generic type has statics for each instantiation, and those cannot be foreseen.
                if (!type.ContainsGenericParameters && type.TypeInitializer != null)
                    RuntimeHelpers.RunClassConstructor(type.TypeHandle);
            }
        }
        catch (ReflectionTypeLoadException cause)
        {
            throw new InstrumentationException($"{assembly.GetName().Name}: {cause.LoaderExceptions[0]?.Message}", cause);
        }
    }

    private static Func<long> Getter(Type counter, string property) =>
        counter.GetMethod(CounterType.GetterOf(property))!.CreateDelegate<Func<long>>();
}
