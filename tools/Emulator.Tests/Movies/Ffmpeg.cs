using System.Diagnostics;

namespace Carveout.Emulator.Tests.Movies;

/// <summary>ffmpeg, if it is installed: it makes and judges movies independently.</summary>
internal static class Ffmpeg
{
    /// <summary>Runs it and returns what it writes to its output.</summary>
    /// <remarks>If it is missing, the test is inconclusive; in CI, which installs it, the test fails.</remarks>
    public static byte[] Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (string argument in (string[])["-v", "error", "-nostdin", "-y", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }
        using Process process = Start(start);
        using var output = new MemoryStream();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, errors.Result);
        return output.ToArray();
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Missing.Skip($"ffmpeg is not installed ({e.Message})", "ffmpeg", "our pictures are not compared with its");
            throw;
        }
    }
}
