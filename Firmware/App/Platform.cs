using Carveout.Board;
using Carveout.Board.Boards;
using Carveout.Video;
using Carveout.Video.Devices;
using Carveout.Video.Displays;

namespace Carveout.App
{
    /// <summary>What the application needs of its platform: a clock, a console, a button, wires. The device has one, the host another, and
    /// the emulator a third with a virtual clock. <see cref="Program.Main"/> is the same on all of them.</summary>
    /// <remarks>One thread calls it. If a member throws, the application ends in order.</remarks>
    public abstract class Platform
    {
        private const long Second = 1000000;

        /// <summary>The board's name.</summary>
        public abstract string Board { get; }

        /// <summary>The set-up of the board: from the table of boards, unless the platform has a board of its own.</summary>
        public virtual BoardSetup Setup { get { return BoardSetup.Of(Board); } }

        /// <summary>Microseconds since a moment before the start. It never decreases.</summary>
        public abstract long Now { get; }

        /// <summary>Whether the application should end; read once a frame.</summary>
        public abstract bool IsStopRequested { get; }

        /// <summary>Microseconds from report to report, above 0.</summary>
        public virtual long ReportPeriod { get { return AppSettings.ReportSeconds * Second; } }

        /// <summary>Whether an application with a leak runs beside the movie.</summary>
        public virtual bool HasLeak { get { return AppSettings.HasLeak; } }

        /// <summary>Whether the trace is also dumped at the end.</summary>
        public virtual bool DumpsAtEnd { get { return AppSettings.DumpsAtEnd; } }

        /// <summary>Whether the report of a failure includes the exception's stack.</summary>
        public virtual bool TellsStack { get { return true; } }

        /// <summary>Free bytes of the managed heap; -1 if unknown.</summary>
        public virtual long FreeManagedBytes { get { return -1; } }

        /// <summary>The report of the chip's own allocator, in one line; empty if there is none.</summary>
        public virtual string NativeMemory { get { return ""; } }

        /// <summary>The board's memory: from <see cref="BoardCatalog"/>, unless the platform has a board of its own.</summary>
        /// <param name="poolSize">Bytes to reserve for the frames.</param>
        /// <returns>A new map with zones, not sealed yet.</returns>
        public virtual MemoryMap CreateMap(int poolSize) => BoardCatalog.Create(Board, ZoneLayout.Split, PageMapKind.FreeBlocks, poolSize);

        /// <summary>Sleeps.</summary>
        /// <param name="time">Returns when <see cref="Now"/> has reached this time.</param>
        public abstract void SleepUntil(long time);

        /// <summary>Writes a line to the console.</summary>
        /// <param name="line">The text, without a line break.</param>
        public abstract void WriteLine(string line);

        /// <summary>Opens the button that asks for a dump, if there is one. If this throws, the exception is reported and the application
        /// goes on without the button.</summary>
        /// <param name="setup">Has the pin's number.</param>
        public virtual void OpenButton(BoardSetup setup)
        {
        }

        /// <summary>Whether the button has been pressed since the last call, which asks for a dump of the trace.</summary>
        public abstract bool TakeDumpRequest();

        /// <summary>Opens the wires of the board's display.</summary>
        /// <returns>The bus; null if there is none, and the application runs without a display.</returns>
        public abstract DisplayBus OpenDisplay(DisplayWiring wiring);

        /// <summary>Opens the region that the firmware keeps from the runtime.</summary>
        /// <returns>The region; null if there is none, and banks of managed memory are used.</returns>
        public virtual ReservedMemory OpenNativeRegion() => null;

        /// <summary>Opens the camera.</summary>
        /// <param name="framePeriod">Microseconds from frame to frame.</param>
        /// <returns>nanoFramework has no driver of any camera, so this is a <see cref="SoftwareCamera"/>.</returns>
        public virtual SoftwareCamera OpenCamera(PhysicalMemory memory, VideoFormat format, int framePeriod) =>
            new SoftwareCamera(this, memory, format, framePeriod);

        /// <summary>Called after the application has ended and written its last line.</summary>
        /// <param name="failure">Why it failed; null if it was asked to stop.</param>
        public virtual void OnEnd(string failure)
        {
        }
    }
}
