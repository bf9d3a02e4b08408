#nullable enable
using System;
using System.Runtime.CompilerServices;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace nanoFramework.TestFramework;

/// <summary>The device's assertions. A call means the same on both sides: of the device's overloads, one for each primitive type, the compiler
/// takes the type that it infers for the generic one.</summary>
/// <remarks>
/// Equality is object.Equals, types are compared exactly, a null where a string or a type belongs fails the test, and a message
/// that is left out is the text of the argument. The names that nanoFramework declares obsolete are not here.
/// </remarks>
public sealed class Assert
{
    public static void AreEqual<T>(T? expected, T? actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => Check(Equals(expected, actual), $"Expected <{Show(expected)}>, actual <{Show(actual)}>.", message);

    public static void AreNotEqual<T>(T? notExpected, T? actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => Check(!Equals(notExpected, actual), $"Both are <{Show(actual)}>.", message);

    public static void AreSame(object? expected, object? actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => Check(ReferenceEquals(expected, actual), "These are two objects.", message);

    public static void AreNotSame(object? notExpected, object? actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => Check(!ReferenceEquals(notExpected, actual), "These are one object.", message);

    public static void IsTrue(bool condition, [CallerArgumentExpression(nameof(condition))] string? message = "")
        => Check(condition, "It is false.", message);

    public static void IsFalse(bool condition, [CallerArgumentExpression(nameof(condition))] string? message = "")
        => Check(!condition, "It is true.", message);

    public static void IsNull(object? value, [CallerArgumentExpression(nameof(value))] string? message = "")
        => Check(value == null, $"It is {Show(value)}.", message);

    public static void IsNotNull(object? value, [CallerArgumentExpression(nameof(value))] string? message = "")
        => Check(value != null, "It is null.", message);

    /// <summary>Exactly this type: unlike MSTest's, an object of a derived type fails.</summary>
    public static void IsInstanceOfType(
        object? value, Type expected, [CallerArgumentExpression(nameof(value))] string? message = "")
        => Check(expected != null && value?.GetType() == expected, $"It is of type {value?.GetType()}, expected {expected}.", message);

    /// <summary>Not exactly this type: unlike MSTest's, an object of a derived type passes.</summary>
    public static void IsNotInstanceOfType(
        object? value, Type notExpected, [CallerArgumentExpression(nameof(value))] string? message = "")
        => Check(notExpected != null && value?.GetType() != notExpected, $"It is of type {notExpected}.", message);

    public static void Contains(string expected, string value, [CallerArgumentExpression(nameof(value))] string? message = "")
        => CheckString(expected, value, value?.Contains(expected ?? "", StringComparison.Ordinal), "does not contain", message);

    public static void DoesNotContains(
        string notExpected, string value, [CallerArgumentExpression(nameof(value))] string? message = "")
        => CheckString(notExpected, value, !value?.Contains(notExpected ?? "", StringComparison.Ordinal), "contains", message);

    public static void StartsWith(string expected, string value, [CallerArgumentExpression(nameof(value))] string? message = "")
        => CheckString(expected, value, value?.StartsWith(expected ?? "", StringComparison.Ordinal), "does not start with", message);

    public static void EndsWith(string expected, string value, [CallerArgumentExpression(nameof(value))] string? message = "")
        => CheckString(expected, value, value?.EndsWith(expected ?? "", StringComparison.Ordinal), "does not end with", message);

    /// <summary>Exactly this exception: one of a derived type fails.</summary>
    public static void ThrowsException(
        Type exception, Action action, [CallerArgumentExpression(nameof(action))] string? message = "")
    {
        Check(exception != null && action != null, "The parameters must not be null.", message);
        Exception? thrown = null;
        try
        {
            action!();
        }
        catch (Exception e)
        {
            thrown = e;
        }

        Check(thrown?.GetType() == exception, $"Expected {exception}, but this was thrown: {Show(thrown)}", message);
    }

    /// <summary>Ends the test; the runner counts it as skipped.</summary>
    public static void SkipTest(string? message = null) => throw new AssertInconclusiveException(message ?? "");

    private static void CheckString(
        string? part, string? value, bool? holds, string problem, string? message, [CallerMemberName] string assertion = "")
        => Check(part != null && holds == true, $"<{Show(value)}> {problem} <{Show(part)}>.", message, assertion);

    private static void Check(bool holds, string problem, string? message, [CallerMemberName] string assertion = "")
    {
        if (!holds)
        {
            throw new AssertFailedException($"Assert.{assertion} failed. {problem} {message}");
        }
    }

    private static object Show(object? value) => value ?? "null";
}
