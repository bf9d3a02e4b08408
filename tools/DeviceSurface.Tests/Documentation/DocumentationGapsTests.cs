namespace Carveout.DeviceSurface.Tests.Documentation;

/// <summary>What counts as a gap, shown by libraries of a few lines that the compiler accepts.</summary>
[TestClass]
public sealed class DocumentationGapsTests
{
    private const string ClassStart = "/// <summary>Text.</summary>\npublic abstract class Sample\n{\n";

    [TestMethod]
    public void WhatIsDescribedHasNoGap()
    {
        AssertGaps(
            """
            /// <summary>Text.</summary>
            /// <param name="length">Text.</param>
            /// <returns>Text.</returns>
            public int Run(int length) { return length; }

            /// <summary>Text.</summary>
            public int Size { get; }

            private void Undocumented(int length) { }

            internal int UndocumentedToo(int length) { return length; }
            """);
    }

    [TestMethod]
    public void ParameterAndResultWithoutAWordAreGaps()
    {
        AssertGaps(
            """
            /// <summary>Text.</summary>
            /// <param name="offset"> </param>
            protected abstract int Run(int length, int offset);
            """,
            "M:Sample.Run(System.Int32,System.Int32): parameter 'length'",
            "M:Sample.Run(System.Int32,System.Int32): parameter 'offset'",
            "M:Sample.Run(System.Int32,System.Int32): returns");
    }

    /// <summary>docs/allocating.md says for all calls what a number outside of its range is.</summary>
    [TestMethod]
    public void WhatNameAndTypeSayNeedsNoWord()
    {
        AssertGaps(
            """
            /// <summary>Text.</summary>
            /// <param name="index">Text.</param>
            public string Run(Sample source, int index, byte[] target, out int count)
            {
                if (index < 0) { throw new System.ArgumentOutOfRangeException(); }
                count = 0;
                return "";
            }
            """,
            "M:Sample.Run(Sample,System.Int32,System.Byte[],System.Int32@): parameter 'target'",
            "M:Sample.Run(Sample,System.Int32,System.Byte[],System.Int32@): parameter 'count'");
    }

    [TestMethod]
    public void RemarksAreNoSummary()
    {
        AssertGaps(
            "/// <remarks>Text.</remarks>\npublic const int Most = 1;\n\n/// <summary></summary>\npublic int Size { get; }",
            "P:Sample.Size: summary",
            "F:Sample.Most: summary");
    }

    [TestMethod]
    public void MembersOfDelegatesAndEnumsCount()
    {
        AssertGaps(
            """
            /// <summary>Text.</summary>
            public delegate bool Handler(int value);

            /// <summary>Text.</summary>
            public enum Kind
            {
                /// <remarks>Text.</remarks>
                One,
            }
            """,
            "T:Sample.Handler: parameter 'value'",
            "T:Sample.Handler: returns",
            "F:Sample.Kind.One: summary");
    }

    [TestMethod]
    public void ExceptionThatIsThrownMustBeNamed()
    {
        AssertGaps(
            """
            /// <summary>Text.</summary>
            public void Direct() { throw new System.InvalidOperationException(); }

            /// <summary>Text.</summary>
            public void Behind() { Check(1); }

            /// <summary>Text.</summary>
            public void Made() { throw Misuse(); }

            /// <summary>Text.</summary>
            public int Size { get { Check(2); return 2; } }

            private static void Check(int value) { if (value > 1) { throw new System.ArgumentOutOfRangeException(); } }

            private static System.Exception Misuse() { return new System.InvalidOperationException(); }
            """,
            "M:Sample.Direct: System.InvalidOperationException",
            "M:Sample.Behind: System.ArgumentOutOfRangeException",
            "M:Sample.Made: System.InvalidOperationException",
            "P:Sample.Size: System.ArgumentOutOfRangeException");
    }

    [TestMethod]
    public void ExceptionOfAllMembersMayBeNamedByTheirClass()
    {
        AssertGaps(
            """
            /// <summary>Text.</summary>
            /// <exception cref="System.InvalidOperationException">Text.</exception>
            public static class Inner
            {
                /// <summary>Text.</summary>
                public static void Run() { throw new System.InvalidOperationException(); }

                /// <summary>Text.</summary>
                public static void Read() { throw new System.NotSupportedException(); }
            }
            """,
            "M:Sample.Inner.Read: System.NotSupportedException");
    }

    /// <summary>A documented exception covers the types derived from it. What a visible callee throws must be documented there.</summary>
    [TestMethod]
    public void ExceptionMayBeNamedByItsKindOrByWhomItComesFrom()
    {
        AssertGaps(
            """
            /// <summary>Text.</summary>
            /// <exception cref="System.ArgumentException">Text.</exception>
            public void Direct() { throw new System.ArgumentNullException(); }

            /// <summary>Text.</summary>
            public void Behind() { Direct(); }

            /// <summary>Text.</summary>
            public void Caught() { try { Check(); } catch (System.InvalidOperationException) { } }

            private static void Check() { throw new System.InvalidOperationException(); }
            """);
    }

    /// <summary>The method's result depends on its argument. Nobody must document an exception that does not happen.</summary>
    [TestMethod]
    public void OneOfThoseThatAnotherMethodMakesIsEnough()
    {
        AssertGaps(
            """
            /// <summary>Text.</summary>
            /// <exception cref="System.ArgumentException">Text.</exception>
            public void Described() { throw Misuse(1); }

            /// <summary>Text.</summary>
            public void Run() { throw Misuse(2); }

            private static System.Exception Misuse(int kind)
            {
                if (kind == 1) { return new System.ArgumentNullException(); }
                return new System.InvalidOperationException();
            }
            """,
            "M:Sample.Run: System.ArgumentNullException or System.InvalidOperationException");
    }

    [TestMethod]
    public void ExceptionThatIsReturnedIsNotThrown()
    {
        AssertGaps(
            """
            /// <summary>Text.</summary>
            /// <returns>Text.</returns>
            public static System.Exception Misuse() { return new System.InvalidOperationException(); }
            """);
    }

    [TestMethod]
    public void NullIsRefusedByTheTypeOfAParameter()
    {
        AssertGaps(
            """
            /// <summary>Text.</summary>
            /// <param name="name">Text.</param>
            public void Run(string name) { if (name == null) { throw new System.ArgumentNullException(); } }

            /// <summary>Text.</summary>
            /// <param name="length">Text.</param>
            public void Jump(int length) { throw new System.ArgumentNullException(); }
            """,
            "M:Sample.Jump(System.Int32): System.ArgumentNullException");
    }

    [TestMethod]
    public void WhatAnOverloadSaysItselfStandsInPlaceOfWhatItInherits()
    {
        AssertGaps(
            """
            /// <summary>Text.</summary>
            /// <param name="value">Text.</param>
            /// <returns>Text.</returns>
            public int Run(int value) { return value; }

            /// <summary>Text.</summary>
            /// <inheritdoc cref="Run(int)"/>
            /// <param name="value">Other text.</param>
            public int Run(int value, int length) { return value + length; }
            """,
            "M:Sample.Run(System.Int32,System.Int32): parameter 'length'");
    }

    [TestMethod]
    public void InterfaceIsInheritedFromAsWell()
    {
        AssertGaps(
            """
            /// <summary>Text.</summary>
            public interface Runner
            {
                /// <summary>Text.</summary>
                int Run(int value);

                /// <summary>Text.</summary>
                int Size { get; }
            }

            /// <summary>Text.</summary>
            public class Implementation : Runner
            {
                /// <inheritdoc/>
                /// <param name="value">Text.</param>
                public int Run(int value) { return value; }

                /// <inheritdoc/>
                public int Size { get { return 1; } }
            }
            """,
            "M:Sample.Runner.Run(System.Int32): parameter 'value'",
            "M:Sample.Runner.Run(System.Int32): returns",
            "M:Sample.Implementation.Run(System.Int32): returns");
    }

    [TestMethod]
    public void ExceptionItselfCoversNothing()
    {
        AssertGaps(
            "/// <summary>Text.</summary>\n/// <exception cref=\"System.Exception\">Text.</exception>\n"
            + "public void Run() { throw new System.ArgumentNullException(); }",
            "M:Sample.Run: System.ArgumentNullException");
    }

    [TestMethod]
    public void WhatIsInheritedCountsWithItsGaps()
    {
        AssertGaps(
            """
            /// <summary>Text.</summary>
            /// <param name="value">Text.</param>
            public virtual int Run(int value) { return value; }

            /// <summary>Text.</summary>
            public class Derived : Sample
            {
                /// <inheritdoc/>
                /// <exception cref="System.InvalidOperationException">Text.</exception>
                public override int Run(int value) { throw new System.InvalidOperationException(); }
            }
            """,
            "M:Sample.Run(System.Int32): returns",
            "M:Sample.Derived.Run(System.Int32): returns");
    }

    private static void AssertGaps(string members, params string[] expected)
    {
        using var folder = new TemporaryFolder();
        string library = folder.PathOf("library.dll");
        var errors = DeviceCompiler.Compile(library, [("library.cs", ClassStart + members + "\n}\n")]);
        Assert.IsEmpty(errors, string.Join('\n', errors));

        using var documented = new DocumentedLibrary(library);
        Assert.AreEqual(
            string.Join('\n', expected.Order(StringComparer.Ordinal)),
            string.Join('\n', DocumentationGaps.Of(documented).Order(StringComparer.Ordinal)));
    }
}
