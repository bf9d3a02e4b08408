using System.ComponentModel;
using Carveout.Emulator.Tests.Movies;

namespace Carveout.Emulator.Tests.Report;

/// <summary>Chromium without a screen, if it is installed: what a reader's browser makes of a page.</summary>
internal static class Chromium
{
    /// <summary>Opens a page and lets it load.</summary>
    /// <remarks>If it is missing, the test is inconclusive; in CI, which installs it, the test fails.</remarks>
    /// <returns>The document as the browser has it, and the lines of its console: errors, and everything that the page was
    /// refused.</returns>
    public static (string Document, string[] Console) Open(string page)
    {
        using var profile = new TemporaryFolder();
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--enable-logging=stderr",
            $"--user-data-dir={profile.File("profile")}", "--dump-dom", new Uri(page).AbsoluteUri,
        ];
        try
        {
            ProgramRun run = ProgramRun.Of("chromium", arguments);
            Assert.AreEqual(0, run.ExitCode, run.Error);
            return (run.Output, [.. run.Error.Split('\n').Where(line => line.Contains(":CONSOLE"))]);
        }
        catch (Win32Exception e)
        {
            Missing.Skip($"chromium is not installed ({e.Message})", "chromium", "no browser has opened the report");
            throw;
        }
    }
}
