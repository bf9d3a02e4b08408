#nullable enable
using System;
using System.Runtime.CompilerServices;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace nanoFramework.TestFramework;

/// <summary>The device's assertions, with its overloads, so that a call means the same on both sides.</summary>
/// <remarks>
/// Equality is object.Equals, types are compared exactly, a null where a string or a type belongs fails the test, and a message
/// that is left out is the text of the argument. The names that nanoFramework declares obsolete are not here.
/// </remarks>
public sealed class Assert
{
    public static void AreEqual(bool expected, bool actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckEqual(expected, actual, message);

    public static void AreEqual(byte expected, byte actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckEqual(expected, actual, message);

    public static void AreEqual(char expected, char actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckEqual(expected, actual, message);

    public static void AreEqual(DateTime expected, DateTime actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckEqual(expected, actual, message);

    public static void AreEqual(double expected, double actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckEqual(expected, actual, message);

    public static void AreEqual(float expected, float actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckEqual(expected, actual, message);

    public static void AreEqual(int expected, int actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckEqual(expected, actual, message);

    public static void AreEqual(long expected, long actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckEqual(expected, actual, message);

    public static void AreEqual(object? expected, object? actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckEqual(expected, actual, message);

    public static void AreEqual(sbyte expected, sbyte actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckEqual(expected, actual, message);

    public static void AreEqual(short expected, short actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckEqual(expected, actual, message);

    public static void AreEqual(string? expected, string? actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckEqual(expected, actual, message);

    public static void AreEqual(uint expected, uint actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckEqual(expected, actual, message);

    public static void AreEqual(ulong expected, ulong actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckEqual(expected, actual, message);

    public static void AreEqual(ushort expected, ushort actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckEqual(expected, actual, message);

    public static void AreNotEqual(bool notExpected, bool actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckNotEqual(notExpected, actual, message);

    public static void AreNotEqual(byte notExpected, byte actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckNotEqual(notExpected, actual, message);

    public static void AreNotEqual(char notExpected, char actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckNotEqual(notExpected, actual, message);

    public static void AreNotEqual(DateTime notExpected, DateTime actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckNotEqual(notExpected, actual, message);

    public static void AreNotEqual(double notExpected, double actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckNotEqual(notExpected, actual, message);

    public static void AreNotEqual(float notExpected, float actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckNotEqual(notExpected, actual, message);

    public static void AreNotEqual(int notExpected, int actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckNotEqual(notExpected, actual, message);

    public static void AreNotEqual(long notExpected, long actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckNotEqual(notExpected, actual, message);

    public static void AreNotEqual(object? notExpected, object? actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckNotEqual(notExpected, actual, message);

    public static void AreNotEqual(sbyte notExpected, sbyte actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckNotEqual(notExpected, actual, message);

    public static void AreNotEqual(short notExpected, short actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckNotEqual(notExpected, actual, message);

    public static void AreNotEqual(string? notExpected, string? actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckNotEqual(notExpected, actual, message);

    public static void AreNotEqual(uint notExpected, uint actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckNotEqual(notExpected, actual, message);

    public static void AreNotEqual(ulong notExpected, ulong actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckNotEqual(notExpected, actual, message);

    public static void AreNotEqual(ushort notExpected, ushort actual, [CallerArgumentExpression(nameof(actual))] string? message = "")
        => CheckNotEqual(notExpected, actual, message);

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

    private static void CheckEqual(object? expected, object? actual, string? message, [CallerMemberName] string assertion = "")
        => Check(Equals(expected, actual), $"Expected <{Show(expected)}>, actual <{Show(actual)}>.", message, assertion);

    private static void CheckNotEqual(object? notExpected, object? actual, string? message, [CallerMemberName] string assertion = "")
        => Check(!Equals(notExpected, actual), $"Both are <{Show(actual)}>.", message, assertion);

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
