namespace Carveout.App
{
    /// <summary>What a user may want to change, beside the board (CarveoutBoard.props) and its wires (<see cref="BoardSetup"/>).</summary>
    public static class AppSettings
    {
        /// <summary>Seconds from report to report.</summary>
        public const int ReportSeconds = 60;

        /// <summary>Whether an application that leaks runs beside the movie, so that one sees who is refused, and who is not.</summary>
        public const bool HasLeak = true;

        /// <summary>Reports after which the leak has taken everything that it can get.</summary>
        public const int ReportsToFull = 5;

        /// <summary>Operations that a dump of the trace can tell of, 15 bytes each.</summary>
        public const int TraceRecords = 256;

        /// <summary>Whether the end dumps the trace without being asked, too, before it sums up: more lines than anybody reads.</summary>
        public const bool DumpsAtEnd = false;

        /// <summary>Milliseconds that a frame is waited for, and how often in vain before the application gives up. The pipeline starts a camera
        /// again that stands still for three such waits.</summary>
        public const int FrameTimeout = 1000, MostVainWaits = 10;
    }
}
