#nullable enable
using System.Collections;
using System.Linq;
using System.Runtime.CompilerServices;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace nanoFramework.TestFramework;

/// <summary>The device's assertions about collections. Two are equal if their elements are, one by one and in order.</summary>
public sealed class CollectionAssert
{
    public static void Empty(ICollection collection, string? message = "") => Check(collection?.Count == 0, message);

    public static void NotEmpty(ICollection collection, string? message = "") => Check(collection?.Count > 0, message);

    public static void AreEqual(ICollection expected, ICollection actual, string? message = "")
        => Check(HaveEqualElements(expected, actual), message);

    public static void AreNotEqual(ICollection notExpected, ICollection actual, string? message = "")
        => Check(!HaveEqualElements(notExpected, actual), message);

    private static bool HaveEqualElements(ICollection? left, ICollection? right) =>
        ReferenceEquals(left, right)
        || (left != null && right != null && left.Cast<object?>().SequenceEqual(right.Cast<object?>()));

    private static void Check(bool holds, string? message, [CallerMemberName] string assertion = "")
    {
        if (!holds)
        {
            throw new AssertFailedException($"CollectionAssert.{assertion} failed. {message}");
        }
    }
}
