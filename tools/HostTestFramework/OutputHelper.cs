#nullable enable
using System;

namespace nanoFramework.TestFramework;

/// <summary>What a test prints. MSTest captures the console and shows it with the test's result.</summary>
public static class OutputHelper
{
    public static void Write(string message) => Console.Write(message);

    public static void WriteLine(string message) => Console.WriteLine(message);
}
