using Carveout.App;

namespace Carveout.Emulator.AppHost;

/// <summary>One run of the deployable application's Program.Main on an emulated board.</summary>
internal static class AppRun
{
    private static readonly Lock s_program = new();

    /// <summary>Runs the application to its end. One run at a time, because Program.Main's platform is static.</summary>
    /// <param name="platform">The board.</param>
    public static void Of(Platform platform)
    {
        lock (s_program)
        {
            try
            {
                App.Program.Platform = platform;
                App.Program.Main();
            }
            finally
            {
                App.Program.Platform = null;
            }
        }
    }
}
