namespace Carveout.App
{
    /// <summary>The application to deploy: takes its memory at boot, plays a movie out of a pool beside an application that leaks, and says at
    /// intervals what the kernel's /proc would show.</summary>
    public static class Program
    {
        /// <summary>What the application runs on; null: what this build is for.</summary>
        public static Platform Platform { get; set; }

        /// <summary>Entry point on the device, on the host and in the emulator.</summary>
        public static void Main()
        {
            new Application(Platform == null ? new LocalPlatform() : Platform).Run();
        }
    }
}
