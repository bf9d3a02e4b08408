using System.ComponentModel;
using System.Runtime.InteropServices;
using Carveout.Board.Native;

namespace Carveout.Emulator.Tests.Native;

/// <summary>The shared library behind NativeRegion on a host, if cmake and a C compiler are installed. The test plays the firmware, which
/// reserves memory at boot.</summary>
internal static class RegionLibrary
{
    private static readonly Lazy<string?> s_missing = new(Build);

    /// <summary>Makes NativeRegion find a single region, at the nominal address <paramref name="address"/>.</summary>
    /// <remarks>If the library cannot be built, the test is inconclusive; in CI, which installs the tools, the test fails.</remarks>
    public static NativeRegion Reserve(uint address, uint size, int cacheLine) => ReserveNumber(0, address, size, cacheLine);

    /// <summary>Reserves one of several regions; those with lower numbers must exist.</summary>
    public static NativeRegion ReserveNumber(int index, uint address, uint size, int cacheLine)
    {
        Require();
        Assert.IsTrue(NativeMethods.Reserve(index, address, size, cacheLine));
        NativeRegion? region = NativeRegion.Open(index);
        Assert.IsNotNull(region);
        return region;
    }

    /// <summary>Plays firmware that reserved nothing.</summary>
    public static void ReserveNothing()
    {
        Require();
        Assert.IsFalse(NativeMethods.Reserve(0, 0, 0, 0));
    }

    private static void Require()
    {
        if (s_missing.Value is { } why)
        {
            Missing.Skip(why, "cmake make gcc", "NativeRegion has no native half to be tried with");
        }
    }

    /// <returns>Why there is no library, or null.</returns>
    private static string? Build()
    {
        if (OperatingSystem.IsWindows())
        {
            return "the native half's host is a POSIX one";
        }
        string folder = Path.Combine(AppContext.BaseDirectory, "native");
        string? missing = Run("cmake", "-S", Path.Combine(Checkout.Folder, "Board", "Native"), "-B", folder, "-DCARVEOUT_TESTS=OFF")
            ?? Run("cmake", "--build", folder);
        string name = RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "libcarveout_region.dylib" : "libcarveout_region.so";
        Environment.SetEnvironmentVariable(NativeMethods.LibraryVariable, Path.Combine(folder, name));
        return missing;
    }

    /// <returns>What is missing, or null. A compiler that reports an error in our code is not missing.</returns>
    private static string? Run(string tool, params string[] arguments)
    {
        try
        {
            ProgramRun run = ProgramRun.Of(tool, arguments);
            string output = run.Output + run.Error;
            if (run.ExitCode != 0 && output.Contains("No CMAKE_C_COMPILER could be found", StringComparison.Ordinal))
            {
                return "no C compiler is installed";
            }
            Assert.AreEqual(0, run.ExitCode, output);
            return null;
        }
        catch (Win32Exception e)
        {
            return $"{tool} is not installed ({e.Message})";
        }
    }
}
