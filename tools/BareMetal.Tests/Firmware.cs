using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Carveout.BareMetal.Tests;

/// <summary>A program built for a machine.</summary>
/// <param name="Elf">The file.</param>
/// <param name="QemuArguments">How to run it.</param>
internal sealed record Firmware(string Elf, string QemuArguments)
{
    private static readonly string[] s_tools = ["qemu-system-arm", "arm-none-eabi-as", "arm-none-eabi-ld", "arm-none-eabi-size"];
    private static readonly ConcurrentDictionary<(string, string), Firmware> s_built = new();
    private static readonly TimeSpan s_longestBuild = TimeSpan.FromMinutes(3), s_longestRun = TimeSpan.FromMinutes(1);

    /// <summary>Builds the program with the product's own command. If the tools are missing, the test is skipped, or fails if they must be
    /// there.</summary>
    public static Firmware Build(string machine, string program = "Checks")
    {
        RequireTools();
        // Build once for all of its tests: checking whether anything has changed takes as long as a run.
        return s_built.GetOrAdd((machine, program), _ => BuildNow(machine, program));
    }

    /// <summary>Runs it until it ends.</summary>
    /// <param name="argument">The last word of its command line.</param>
    public ToolRun Run(string argument = "nothing") => ToolRun.Start("qemu-system-arm", $"{QemuArguments} -append {argument}", s_longestRun);

    private static Firmware BuildNow(string machine, string program)
    {
        ToolRun build = ToolRun.Start(Locations.Dotnet,
            $"build BareMetal.csproj -t:Elf -p:Machine={machine} -p:Program={program} -getProperty:Elf -getProperty:QemuArguments", s_longestBuild);
        Assert.AreEqual(0, build.ExitCode, build.Output + build.Error);
        JsonElement properties = JsonDocument.Parse(build.Output).RootElement.GetProperty("Properties");
        return new Firmware(properties.GetProperty("Elf").GetString()!, properties.GetProperty("QemuArguments").GetString()!);
    }

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
