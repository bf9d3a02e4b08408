using System.Linq.Expressions;
using System.Reflection;

namespace Carveout.IlCounter;

/// <summary>Finds members by name and shape, and makes delegates of them. Calling these needs no reflection.</summary>
/// <remarks>
/// A caller outside the load context cannot name the types inside. So if a method takes or returns such a type, the delegate may have
/// <c>object</c> instead, and for an enum its underlying type.
/// </remarks>
internal static class MemberBinding
{
    private const BindingFlags AnyVisibility = BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Creates an object with the only constructor that takes these arguments.</summary>
    /// <exception cref="MissingMethodException">No constructor, or more than one, takes them.</exception>
    public static object Construct(Type type, object?[] arguments)
    {
        var constructors = type.GetConstructors(AnyVisibility | BindingFlags.Instance);
        var fitting = constructors.Where(constructor => Accepts(constructor.GetParameters(), arguments)).ToList();
        if (fitting.Count > 1)
        {
            // null fits any class and object takes everything, so prefer the constructor with exactly the arguments' types.
            fitting = fitting.Where(constructor => Types(constructor).SequenceEqual(arguments.Select(a => a?.GetType()))).ToList();
        }
        if (fitting.Count != 1)
            throw NotFound(type, ".ctor", string.Join(", ", arguments.Select(a => a?.GetType().Name ?? "null")), constructors);

        var parameters = fitting[0].GetParameters();
        var converted = arguments.Select((argument, i) => argument != null && parameters[i].ParameterType.IsEnum
            ? Enum.ToObject(parameters[i].ParameterType, argument)
            : argument).ToArray();
        return fitting[0].Invoke(BindingFlags.DoNotWrapExceptions, null, converted, null);
    }

    /// <summary>A delegate to the only method with this name and shape: an instance method of <paramref name="target"/>, or a static method
    /// if that is null.</summary>
    /// <exception cref="MissingMethodException">No method, or more than one, has the name and the shape.</exception>
    public static TDelegate Bind<TDelegate>(Type type, object? target, string name)
        where TDelegate : Delegate
    {
        var invoke = typeof(TDelegate).GetMethod("Invoke")!;
        var flags = AnyVisibility | (target == null ? BindingFlags.Static | BindingFlags.FlattenHierarchy : BindingFlags.Instance);
        var named = type.GetMethods(flags).Where(method => method.Name == name && !method.IsGenericMethodDefinition).ToList();

        var exact = named.Where(method => IsSameShape(invoke, method)).ToList();
        if (exact.Count > 0)
        {
            // If a type and its bases have equal shapes, the most derived hides the others, as in C#.
            var nearest = exact.MinBy(method => DistanceToBase(type, method.DeclaringType!))!;
            return target == null ? nearest.CreateDelegate<TDelegate>() : nearest.CreateDelegate<TDelegate>(target);
        }

        var adaptable = named.Where(method => IsAdaptableShape(invoke, method)).ToList();
        return adaptable.Count == 1
            ? Adapt<TDelegate>(invoke, type, target, adaptable[0])
            : throw NotFound(type, name, string.Join(", ", Types(invoke).Select(t => t.Name)), named);
    }

    private static TDelegate Adapt<TDelegate>(MethodInfo invoke, Type type, object? target, MethodInfo method)
        where TDelegate : Delegate
    {
        var outer = Types(invoke).Select(t => Expression.Parameter(t)).ToArray();
        var inner = outer.Zip(Types(method), Converted);
        Expression? instance = target == null ? null : Expression.Constant(target, type);
        Expression call = Expression.Call(instance, method, inner);
        if (invoke.ReturnType != typeof(void))
            call = Converted(call, invoke.ReturnType);
        return Expression.Lambda<TDelegate>(call, outer).Compile();
    }

    // A parameter by reference must have exactly its type, since it cannot be converted.
    private static Expression Converted(Expression value, Type type) => value.Type == type || type.IsByRef ? value : Expression.Convert(value, type);

    private static bool Accepts(ParameterInfo[] parameters, object?[] arguments) =>
        parameters.Length == arguments.Length
        && parameters.Zip(arguments).All(pair => Accepts(pair.First.ParameterType, pair.Second));

    private static bool Accepts(Type parameter, object? argument)
    {
        if (argument == null)
            return !parameter.IsValueType;
        return parameter.IsInstanceOfType(argument) || IsUnderlying(parameter, argument.GetType());
    }

    private static bool IsSameShape(MethodInfo invoke, MethodInfo method) =>
        invoke.ReturnType == method.ReturnType && Types(invoke).SequenceEqual(Types(method));

    private static bool IsAdaptableShape(MethodInfo invoke, MethodInfo method)
    {
        var given = Types(invoke);
        var taken = Types(method);
        bool returns = invoke.ReturnType == typeof(void) || Crosses(invoke.ReturnType, method.ReturnType);
        return returns && given.Length == taken.Length && given.Zip(taken).All(pair => Crosses(pair.First, pair.Second));
    }

    private static bool Crosses(Type outside, Type inside) =>
        outside == inside || IsUnderlying(inside, outside) || (outside == typeof(object) && !inside.IsByRef && inside != typeof(void));

    private static bool IsUnderlying(Type enumType, Type type) => enumType.IsEnum && enumType.GetEnumUnderlyingType() == type;

    private static int DistanceToBase(Type type, Type ancestor)
    {
        int distance = 0;
        for (Type? current = type; current != null && current != ancestor; current = current.BaseType)
            distance++;
        return distance;
    }

    private static Type[] Types(MethodBase method) => method.GetParameters().Select(parameter => parameter.ParameterType).ToArray();

    private static MissingMethodException NotFound(Type type, string name, string wanted, IReadOnlyCollection<MethodBase> there)
    {
        string found = there.Count == 0 ? "there is none of that name" : "there is " + string.Join("; ", there);
        return new MissingMethodException($"{type.FullName}: no single {name} takes ({wanted}): {found}");
    }
}
