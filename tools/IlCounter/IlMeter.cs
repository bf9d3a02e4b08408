using System.Reflection;
using System.Runtime.CompilerServices;

namespace Carveout.IlCounter;

/// <summary>Runs instrumented assemblies in a load context of their own and reads what they executed.</summary>
/// <remarks>
/// <para>
/// The types inside are not those that the caller was compiled against, even where the names are equal: what crosses the border is
/// primitives, strings and arrays of them, delegates, and objects from inside held as <c>object</c>.
/// </para>
/// <para>
/// Each meter has its own counts. They are exact while one thread at a time runs its code; a finalizer inside counts as well,
/// whenever the collector runs it.
/// </para>
/// <para>
/// All static constructors have run when a meter is returned, as on the device, where they run before Main: no measurement
/// holds one by accident.
/// </para>
/// </remarks>
public sealed class IlMeter
{
    readonly IReadOnlyList<Assembly> _assemblies;
    readonly Func<long> _instructions;
    readonly Func<long> _arrayAccesses;
    readonly Func<long> _fieldAccesses;
    readonly Func<long> _calls;

    IlMeter(IReadOnlyList<Assembly> assemblies, Type counter)
    {
        _assemblies = assemblies;
        _instructions = Getter(counter, nameof(IlCount.Instructions));
        _arrayAccesses = Getter(counter, nameof(IlCount.ArrayAccesses));
        _fieldAccesses = Getter(counter, nameof(IlCount.FieldAccesses));
        _calls = Getter(counter, nameof(IlCount.Calls));
    }

    /// <summary>Instruments assemblies together, in memory, and loads them. The files stay as they are.</summary>
    /// <exception cref="InstrumentationException">
    /// A file cannot be instrumented (see <see cref="InstrumentedAssembly"/>), or something that it needs is not there.
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

    /// <summary>A new object of a type inside. What its constructor throws comes through.</summary>
    /// <remarks>An enum is given as its underlying type; otherwise the arguments' types must fit as they are, without widening.</remarks>
    /// <exception cref="TypeLoadException">There is no such type.</exception>
    /// <exception cref="MissingMethodException">No constructor, or more than one, takes the arguments.</exception>
    public object Create(string typeName, params object?[] arguments) => MemberBinding.Construct(FindType(typeName), arguments);

    /// <summary>A delegate to an instance method inside, of any visibility; a property's is <c>get_Name</c> or <c>set_Name</c>.</summary>
    /// <remarks>
    /// In the delegate's type, <c>object</c> may stand for a class from inside, an enum's underlying type for the enum, and
    /// <c>void</c> for any result. An exact fit calls the method directly; otherwise a compiled adaptor converts, which costs
    /// time but no counted instruction.
    /// </remarks>
    /// <exception cref="MissingMethodException">No method, or more than one, has the name and the shape.</exception>
    public TDelegate Bind<TDelegate>(object target, string method)
        where TDelegate : Delegate
    {
        ArgumentNullException.ThrowIfNull(target);
        return MemberBinding.Bind<TDelegate>(target.GetType(), target, method);
    }

    /// <summary>A delegate to a static method inside; otherwise as <see cref="Bind{TDelegate}"/>.</summary>
    /// <exception cref="TypeLoadException">There is no such type.</exception>
    /// <exception cref="MissingMethodException">No method, or more than one, has the name and the shape.</exception>
    public TDelegate BindStatic<TDelegate>(string typeName, string method)
        where TDelegate : Delegate => MemberBinding.Bind<TDelegate>(FindType(typeName), null, method);

    /// <summary>All counts since the assemblies were loaded, static constructors included. Subtract two readings.</summary>
    public IlCount Read() => new(_instructions(), _arrayAccesses(), _fieldAccesses(), _calls());

    /// <summary>The instructions alone: one delegate call, for loops that read around every operation.</summary>
    public long ReadInstructions() => _instructions();

    /// <summary>What was executed inside while an action ran. The action's own code is outside and costs nothing.</summary>
    public IlCount Measure(Action action)
    {
        var before = Read();
        action();
        return Read() - before;
    }

    static void RunStaticConstructors(Assembly assembly)
    {
        try
        {
            RuntimeHelpers.RunModuleConstructor(assembly.ManifestModule.ModuleHandle);
            foreach (var type in assembly.GetTypes())
            {
                // A generic type has statics only per instance, and those cannot be foreseen.
                if (!type.ContainsGenericParameters && type.TypeInitializer != null)
                    RuntimeHelpers.RunClassConstructor(type.TypeHandle);
            }
        }
        catch (ReflectionTypeLoadException cause)
        {
            throw new InstrumentationException($"{assembly.GetName().Name}: {cause.LoaderExceptions[0]?.Message}", cause);
        }
    }

    static Func<long> Getter(Type counter, string property) =>
        counter.GetMethod(CounterType.GetterOf(property))!.CreateDelegate<Func<long>>();
}
