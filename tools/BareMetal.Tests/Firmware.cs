using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Carveout.BareMetal.Tests;

/// <summary>A program built for a machine.</summary>
/// <param name="Elf">The file.</param>
/// <param name="QemuArguments">How to run it.</param>
internal sealed record Firmware(string Elf, string QemuArguments)
{
    private static readonly string[] s_tools = ["qemu-system-arm", "arm-none-eabi-as", "arm-none-eabi-ld", "arm-none-eabi-size"];
    private static readonly TimeSpan s_longestBuild = TimeSpan.FromMinutes(3), s_longestRun = TimeSpan.FromMinutes(1);

    /// <summary>Builds it, with the product's own command. Skips the test where the tools are missing; where they must be there, fails.</summary>
    public static Firmware Build(string machine, string program)
    {
        RequireTools();
        ToolRun build = ToolRun.Start(Locations.Dotnet,
            $"build BareMetal.csproj -t:Elf -p:Machine={machine} -p:Program={program} -getProperty:Elf -getProperty:QemuArguments", s_longestBuild);
        Assert.AreEqual(0, build.ExitCode, build.Output + build.Error);
        JsonElement properties = JsonDocument.Parse(build.Output).RootElement.GetProperty("Properties");
        return new Firmware(properties.GetProperty("Elf").GetString()!, properties.GetProperty("QemuArguments").GetString()!);
    }

    /// <summary>Runs it to its end.</summary>
    public ToolRun Run() => ToolRun.Start("qemu-system-arm", QemuArguments, s_longestRun);

    private static void RequireTools()
    {
        string[] missing = [.. s_tools.Where(tool => !IsOnPath(tool))];
        string? why = !OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64
            ? "the ARM compiler comes for Linux on x64 only"
            : missing.Length != 0 ? $"not installed: {string.Join(", ", missing)} (packages qemu-system-arm, binutils-arm-none-eabi)" : null;
        if (why is null)
        {
            return;
        }
        Assert.AreNotEqual("true", Environment.GetEnvironmentVariable("CI"), $"CI must run the machines, and cannot: {why}");
        Assert.Inconclusive($"NOT TESTED on bare metal: {why}");
    }

    private static bool IsOnPath(string tool) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, tool)));
}
