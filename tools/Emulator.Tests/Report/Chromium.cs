using System.Diagnostics;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Carveout.Emulator.Tests.Report;

/// <summary>Chromium without a screen, where it is installed: what a reader's browser makes of a page.</summary>
internal static class Chromium
{
    /// <summary>Opens a page and lets it load.</summary>
    /// <remarks>Where it is missing the test is inconclusive; but in CI, which installs it, it fails.</remarks>
    /// <returns>The document as the browser has it, and the lines of its console: errors, and whatever the page was refused.</returns>
    public static (string Document, string[] Console) Open(string page)
    {
        DirectoryInfo profile = Directory.CreateTempSubdirectory("carveout-");
        try
        {
            var start = new ProcessStartInfo("chromium",
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--enable-logging=stderr",
                $"--user-data-dir={profile.FullName}", "--dump-dom", new Uri(page).AbsoluteUri,
            ])
            {
                RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
            };
            using Process process = Start(start);
            Task<string> log = process.StandardError.ReadToEndAsync();
            string document = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.AreEqual(0, process.ExitCode, log.Result);
            return (document, [.. log.Result.Split('\n').Where(line => line.Contains(":CONSOLE"))]);
        }
        finally
        {
            profile.Delete(recursive: true);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            if (Environment.GetEnvironmentVariable("CI") == "true")
            {
                Assert.Fail($"chromium is missing, although CI installs it: {e.Message}");
            }
            Assert.Inconclusive("SKIPPED: chromium is not installed (Debian: apt-get install chromium), so no browser has opened the report");
            throw;
        }
    }
}
