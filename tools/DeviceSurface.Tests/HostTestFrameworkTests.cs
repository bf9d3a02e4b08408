using System.Collections;
using System.Reflection;
using Device = nanoFramework.TestFramework;

namespace Carveout.DeviceSurface.Tests;

/// <summary>The host's nanoFramework.TestFramework against the device's, as the listing has it.</summary>
[TestClass]
public sealed class HostTestFrameworkTests
{
    private static readonly Type[] _mirrored = [typeof(Device.Assert), typeof(Device.CollectionAssert), typeof(Device.OutputHelper)];

    private static readonly Dictionary<string, Type> _keywords = new()
    {
        ["void"] = typeof(void),
        ["bool"] = typeof(bool),
        ["char"] = typeof(char),
        ["sbyte"] = typeof(sbyte),
        ["byte"] = typeof(byte),
        ["short"] = typeof(short),
        ["ushort"] = typeof(ushort),
        ["int"] = typeof(int),
        ["uint"] = typeof(uint),
        ["long"] = typeof(long),
        ["ulong"] = typeof(ulong),
        ["float"] = typeof(float),
        ["double"] = typeof(double),
        ["string"] = typeof(string),
        ["object"] = typeof(object),
    };

    public static IEnumerable<string> Overloads => _mirrored.SelectMany(t => CurrentMembers(t).Select(m => Signature(t, m)));

    public static IEnumerable<Type> ComparableTypes =>
        typeof(Device.Assert).GetMethods().Where(m => m.Name == "AreEqual").Select(m => m.GetParameters()[0].ParameterType);

    /// <summary>A test that calls it with or without a message means the same on both sides.</summary>
    [TestMethod]
    [DynamicData(nameof(Overloads))]
    public void DeviceOverloadIsOnTheHost(string signature)
    {
        var hosts = _mirrored.SelectMany(t => t.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance)
            .OfType<MethodBase>()
            .Where(m => m.DeclaringType == t)
            .Select(m => Signature(t, m)));
        Assert.Contains(signature, hosts);
    }

    [TestMethod]
    [DynamicData(nameof(ComparableTypes))]
    public void EqualAndUnequalValuesAreToldApart(Type type)
    {
        (object one, object two) = Samples(type);

        Compare("AreEqual", type, one, one);
        Compare("AreNotEqual", type, one, two);
        AssertFails(() => Compare("AreEqual", type, one, two));
        AssertFails(() => Compare("AreNotEqual", type, one, one));
    }

    [TestMethod]
    public void EachAssertionFailsWhenItShould()
    {
        object text = "text";
        object derived = new ArgumentNullException();
        AssertBoth(v => Device.Assert.IsTrue((bool)v!), true, false);
        AssertBoth(v => Device.Assert.IsFalse((bool)v!), false, true);
        AssertBoth(v => Device.Assert.IsNull(v), null, text);
        AssertBoth(v => Device.Assert.IsNotNull(v), text, null);
        AssertBoth(v => Device.Assert.AreSame(text, v), text, new string("text"));
        AssertBoth(v => Device.Assert.AreNotSame(text, v), new string("text"), text);
        AssertBoth(v => Device.Assert.IsInstanceOfType(v, typeof(ArgumentException)), new ArgumentException(), derived);
        AssertBoth(v => Device.Assert.IsInstanceOfType(v, typeof(ArgumentException)), new ArgumentException(), null);
        AssertBoth(v => Device.Assert.IsNotInstanceOfType(v, typeof(ArgumentException)), derived, new ArgumentException());
        AssertBoth(v => Device.Assert.Contains("b", (string)v!), "abc", "ac");
        AssertBoth(v => Device.Assert.Contains("b", (string)v!), "abc", null);
        AssertBoth(v => Device.Assert.DoesNotContains("b", (string)v!), "ac", "abc");
        AssertBoth(v => Device.Assert.DoesNotContains("b", (string)v!), "ac", null);
        AssertBoth(v => Device.Assert.StartsWith("a", (string)v!), "abc", "cba");
        AssertBoth(v => Device.Assert.EndsWith("a", (string)v!), "cba", "abc");
        AssertBoth(v => Device.CollectionAssert.Empty((ICollection)v!), Array.Empty<int>(), new int[1]);
        AssertBoth(v => Device.CollectionAssert.NotEmpty((ICollection)v!), new int[1], Array.Empty<int>());
        AssertBoth(v => Device.CollectionAssert.AreEqual(new[] { 1, 2 }, (ICollection)v!), new ArrayList { 1, 2 }, new[] { 2, 1 });
        AssertBoth(v => Device.CollectionAssert.AreEqual(new[] { 1, 2 }, (ICollection)v!), new[] { 1, 2 }, new[] { 1, 2, 3 });
        AssertBoth(v => Device.CollectionAssert.AreEqual(new[] { 1, 2 }, (ICollection)v!), new[] { 1, 2 }, null);
        AssertBoth(v => Device.CollectionAssert.AreNotEqual(new[] { 1, 2 }, (ICollection)v!), new[] { 1 }, new[] { 1, 2 });
    }

    [TestMethod]
    public void ExceptionMustBeExactlyTheExpectedOne()
    {
        AssertBoth(
            v => Device.Assert.ThrowsException(typeof(ArgumentException), () => throw (Exception)v!),
            new ArgumentException(),
            new ArgumentNullException());
        AssertFails(() => Device.Assert.ThrowsException(typeof(ArgumentException), () => { }));
        AssertFails(() => Device.Assert.ThrowsException(typeof(ArgumentException), null!));
    }

    [TestMethod]
    public void FailureSaysWhatWasComparedAndWhy()
    {
        int free = 3;

        var unnamed = Assert.ThrowsExactly<AssertFailedException>(() => Device.Assert.AreEqual(4, free + 2));
        Assert.AreEqual("Assert.AreEqual failed. Expected <4>, actual <5>. free + 2", unnamed.Message);

        var named = Assert.ThrowsExactly<AssertFailedException>(() => Device.Assert.IsTrue(free == 4, "four are free"));
        Assert.AreEqual("Assert.IsTrue failed. It is false. four are free", named.Message);
    }

    [TestMethod]
    public void SkippedTestIsNoFailure() =>
        Assert.ThrowsExactly<AssertInconclusiveException>(() => Device.Assert.SkipTest("needs a camera"));

    private static IEnumerable<MemberDeclaration> CurrentMembers(Type type)
    {
        Assert.IsTrue(DeviceReferences.Surface.TryGetType(type.FullName!, out var listed));
        return listed.Members.Where(m => !m.Annotations.OfType<Annotation.Obsolete>().Any());
    }

    private static string Signature(Type type, MemberDeclaration member)
    {
        var parameters = member.Parameters.Select(p => Parameter(TypeOf(p.Type), p.Name, p.Default != null, Default(p)));
        return Signature(type, member.Has(Modifiers.Static), TypeOf(member.Type), member.Name, parameters);
    }

    private static string Signature(Type type, MethodBase method)
    {
        var result = method is MethodInfo { ReturnType: var returned } ? returned : typeof(void);
        var parameters = method.GetParameters().Select(p => Parameter(p.ParameterType, p.Name!, p.HasDefaultValue, p.RawDefaultValue));
        return Signature(type, method.IsStatic, result, method.Name, parameters);
    }

    private static string Signature(Type type, bool isStatic, Type result, string name, IEnumerable<string> parameters) =>
        $"{type.Name}: {(isStatic ? "static " : "")}{result} {name}({string.Join(", ", parameters)})";

    private static string Parameter(Type type, string name, bool isOptional, object? value) =>
        $"{type} {name}{(isOptional ? $" = {(value == null ? "null" : $"\"{value}\"")}" : "")}";

    private static object? Default(Parameter parameter) =>
        parameter.Default == null ? null : DeviceReferences.Surface.Constant(parameter.Type, parameter.Default);

    private static Type TypeOf(string name) =>
        _keywords.TryGetValue(name, out var type) ? type : typeof(object).Assembly.GetType(name, throwOnError: true)!;

    private static (object One, object Two) Samples(Type type)
    {
        if (type == typeof(DateTime))
        {
            return (new DateTime(2026, 7, 1), new DateTime(2026, 7, 2));
        }

        return type == typeof(object) ? ("one", 1) : (Convert.ChangeType(1, type), Convert.ChangeType(0, type));
    }

    private static void Compare(string assertion, Type type, object left, object right)
    {
        var method = typeof(Device.Assert).GetMethod(assertion, [type, type, typeof(string)])!;
        method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [left, right, ""], null);
    }

    private static void AssertBoth(Action<object?> assertion, object? passing, object? failing)
    {
        assertion(passing);
        AssertFails(() => assertion(failing));
    }

    private static void AssertFails(Action assertion) => Assert.ThrowsExactly<AssertFailedException>(assertion);
}
