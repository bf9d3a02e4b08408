namespace Carveout.App
{
    /// <summary>The application to deploy. It takes its memory at boot, plays a movie from a pool beside an application with a leak, and
    /// regularly prints what the kernel's /proc would show.</summary>
    public static class Program
    {
        /// <summary>The platform of the application; null stands for the one that this build is for.</summary>
        public static Platform Platform { get; set; }

        /// <summary>Entry point on the device, on the host and in the emulator.</summary>
        public static void Main()
        {
            new Application(Platform == null ? new LocalPlatform() : Platform).Run();
        }
    }
}
