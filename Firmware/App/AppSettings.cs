namespace Carveout.App
{
    /// <summary>Settings that a user may want to change. Others are the board (CarveoutBoard.props) and its wires (<see
    /// cref="BoardSetup"/>).</summary>
    public static class AppSettings
    {
        /// <summary>Seconds from report to report.</summary>
        public const int ReportSeconds = 60;

        /// <summary>Whether an application with a leak runs beside the movie, to show which requests are refused and which are not.</summary>
        public const bool HasLeak = true;

        /// <summary>After so many reports the leak has taken all memory that it can get.</summary>
        public const int ReportsToFull = 5;

        /// <summary>How many operations the trace keeps for a dump; each needs 15 bytes.</summary>
        public const int TraceRecords = 256;

        /// <summary>Whether the trace is also dumped at the end, before the summary. These are more lines than anybody reads.</summary>
        public const bool DumpsAtEnd = false;

        /// <summary>How many milliseconds a frame is waited for, and after how many waits without a frame the application gives up. The
        /// pipeline starts the camera again after three such waits.</summary>
        public const int FrameTimeout = 1000, MostVainWaits = 10;
    }
}
