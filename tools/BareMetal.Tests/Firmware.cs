using System.Runtime.InteropServices;
using System.Text.Json;

namespace Carveout.BareMetal.Tests;

/// <summary>A program's image for a machine.</summary>
/// <param name="Elf">The file.</param>
/// <param name="QemuArguments">How to run it.</param>
internal sealed record Firmware(string Elf, string QemuArguments)
{
    private static readonly string[] s_tools = ["qemu-system-arm", "arm-none-eabi-as", "arm-none-eabi-ld", "arm-none-eabi-size", "arm-none-eabi-nm"];
    private static readonly TimeSpan s_longestBuild = TimeSpan.FromMinutes(5), s_longestRun = TimeSpan.FromMinutes(1);

    /// <summary>All of them are built at once: one that is up to date costs little, starting MSBuild for each of them much.</summary>
    private static readonly Lazy<Dictionary<(string Machine, string Program), Firmware>> s_built = new(BuildAll);

    /// <summary>The image of a machine, built by the product's own targets. If the tools are missing, the test is skipped, or fails if they must be
    /// there.</summary>
    /// <param name="machine">A file of Machines.</param>
    /// <param name="program">What is in it: a folder of Programs.</param>
    public static Firmware Of(string machine, string program = "Checks")
    {
        RequireTools();
        return s_built.Value[(machine, program)];
    }

    /// <summary>Runs it until it ends.</summary>
    /// <param name="argument">The last word of its command line.</param>
    public ToolRun Run(string argument = "nothing") => ToolRun.Start("qemu-system-arm", $"{QemuArguments} -append {argument}", s_longestRun);

    private static Dictionary<(string Machine, string Program), Firmware> BuildAll()
    {
        ToolRun build = ToolRun.Start(Locations.Dotnet, "msbuild Machines/Images.proj -t:Images -maxcpucount:1 -getItem:Image", s_longestBuild);
        Assert.AreEqual(0, build.ExitCode, build.Output + build.Error);
        return JsonDocument.Parse(build.Output).RootElement.GetProperty("Items").GetProperty("Image").EnumerateArray().ToDictionary(
            image => (image.GetProperty("Machine").GetString()!, image.GetProperty("Program").GetString()!),
            image => new Firmware(image.GetProperty("Identity").GetString()!, image.GetProperty("QemuArguments").GetString()!));
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
