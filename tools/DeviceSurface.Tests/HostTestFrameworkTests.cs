using System.Collections;
using System.Reflection;
using Mono.Cecil;
using Device = nanoFramework.TestFramework;

namespace Carveout.DeviceSurface.Tests;

/// <summary>Compares the host's nanoFramework.TestFramework with the device's.</summary>
[TestClass]
public sealed class HostTestFrameworkTests
{
    private static readonly Type[] _mirrored = [typeof(Device.Assert), typeof(Device.CollectionAssert), typeof(Device.OutputHelper)];

    private static readonly ModuleDefinition _device =
        ModuleDefinition.ReadModule(Path.Combine(Locations.Surface, "nanoFramework.TestFramework.dll"));

    public static IEnumerable<string> Overloads => _mirrored.SelectMany(t => CurrentMethods(t).Select(m => Signature(t, m)));

    public static IEnumerable<Type> ComparableTypes =>
        CurrentMethods(typeof(Device.Assert)).Where(m => m.Name == "AreEqual").Select(m => Type.GetType(m.Parameters[0].ParameterType.FullName)!);

    /// <summary>A test that calls it with or without a message means the same on both sides. A generic method of the host stands for the
    /// device's overloads.</summary>
    [TestMethod]
    [DynamicData(nameof(Overloads))]
    public void DeviceOverloadIsOnTheHost(string signature)
    {
        var hosts = _mirrored.SelectMany(t => t.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance)
            .OfType<MethodBase>()
            .Where(m => m.DeclaringType == t)
            .SelectMany<MethodBase, MethodBase>(m => m is MethodInfo { IsGenericMethod: true } generic
                ? ComparableTypes.Select(of => generic.MakeGenericMethod(of)) : [m])
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

    private static IEnumerable<MethodDefinition> CurrentMethods(Type type) =>
        _device.GetType(type.FullName).Methods.Where(m => m.IsPublic && m.CustomAttributes.All(a => a.AttributeType.Name != "ObsoleteAttribute"));

    private static string Signature(Type type, MethodDefinition method)
    {
        var parameters = method.Parameters.Select(p => Parameter(p.ParameterType.FullName, p.Name, p.IsOptional, p.Constant));
        return Signature(type, method.IsStatic, method.ReturnType.FullName, method.Name, parameters);
    }

    private static string Signature(Type type, MethodBase method)
    {
        var result = method is MethodInfo { ReturnType: var returned } ? returned : typeof(void);
        var parameters = method.GetParameters().Select(p => Parameter(p.ParameterType.FullName!, p.Name!, p.HasDefaultValue, p.RawDefaultValue));
        return Signature(type, method.IsStatic, result.FullName!, method.Name, parameters);
    }

    private static string Signature(Type type, bool isStatic, string result, string name, IEnumerable<string> parameters) =>
        $"{type.Name}: {(isStatic ? "static " : "")}{result} {name}({string.Join(", ", parameters)})";

    private static string Parameter(string type, string name, bool isOptional, object? value) =>
        $"{type} {name}{(isOptional ? $" = {(value == null ? "null" : $"\"{value}\"")}" : "")}";

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
        var method = typeof(Device.Assert).GetMethod(assertion)!.MakeGenericMethod(type);
        method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [left, right, ""], null);
    }

    private static void AssertBoth(Action<object?> assertion, object? passing, object? failing)
    {
        assertion(passing);
        AssertFails(() => assertion(failing));
    }

    private static void AssertFails(Action assertion) => Assert.ThrowsExactly<AssertFailedException>(assertion);
}
