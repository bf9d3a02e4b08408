using System;
using Carveout.Board;
using Carveout.Board.Boards;
using Carveout.Video;
using Carveout.Video.Devices;
using Carveout.Video.Displays;

namespace Carveout.App
{
    /// <summary>What the application asks of what it runs on: a clock, a console, a button, wires. The device has one, the host another, the
    /// emulator a third with a virtual clock; <see cref="Program.Main"/> is the same on all of them.</summary>
    /// <remarks>One thread asks. Whatever a member throws ends the application in order.</remarks>
    public abstract class Platform
    {
        private const long Second = 1000000;

        /// <summary>The board's name.</summary>
        public abstract string Board { get; }

        /// <summary>What plays on the board, and where: as the table of boards has it, unless the platform knows a board of its own.</summary>
        public virtual BoardSetup Setup { get { return BoardSetup.Of(Board); } }

        /// <summary>Microseconds since some moment before the start; never goes back.</summary>
        public abstract long Now { get; }

        /// <summary>Whether the application shall end; asked once a frame.</summary>
        public abstract bool IsStopRequested { get; }

        /// <summary>Microseconds from report to report, above 0.</summary>
        public virtual long ReportPeriod { get { return AppSettings.ReportSeconds * Second; } }

        /// <summary>Whether an application that leaks runs beside the movie.</summary>
        public virtual bool HasLeak { get { return AppSettings.HasLeak; } }

        /// <summary>Whether the trace is dumped at the end, too.</summary>
        public virtual bool DumpsAtEnd { get { return AppSettings.DumpsAtEnd; } }

        /// <summary>Whether a failure is told with the stack of what was thrown.</summary>
        public virtual bool TellsStack { get { return true; } }

        /// <summary>Bytes that are free in the managed heap; -1 where nobody can say.</summary>
        public virtual long FreeManagedBytes { get { return -1; } }

        /// <summary>What the chip's own allocator says of its memory, on a line; empty where there is none, or nobody can say.</summary>
        public virtual string NativeMemory { get { return ""; } }

        /// <summary>The board's memory: as <see cref="BoardCatalog"/> has it, unless the platform knows a board of its own.</summary>
        /// <param name="poolSize">Bytes to reserve for the frames.</param>
        /// <returns>A new map with zones, not sealed yet.</returns>
        public virtual MemoryMap CreateMap(int poolSize)
        {
            return BoardCatalog.Create(Board, ZoneLayout.Split, PageMapKind.FreeBlocks, poolSize);
        }

        /// <summary>Waits.</summary>
        /// <param name="time">Until <see cref="Now"/> is so much; not at all where it is already.</param>
        public abstract void SleepUntil(long time);

        /// <summary>Writes a line to the console.</summary>
        /// <param name="line">Without its end.</param>
        public abstract void WriteLine(string line);

        /// <summary>Opens the button that asks for a dump, where there is one. What it throws is told, and the application goes on without.</summary>
        /// <param name="setup">Says which pin.</param>
        public virtual void OpenButton(BoardSetup setup)
        {
        }

        /// <summary>Whether a dump of the trace was asked for since the last call: a button was pressed.</summary>
        public abstract bool TakeDumpRequest();

        /// <summary>Opens the wires of the board's display.</summary>
        /// <param name="wiring">Which.</param>
        /// <returns>Null where there are none: the application runs headless.</returns>
        public abstract DisplayBus OpenDisplay(DisplayWiring wiring);

        /// <summary>A region that the firmware keeps from the runtime.</summary>
        /// <returns>Null where there is none: banks of managed memory serve then.</returns>
        public virtual ReservedMemory OpenNativeRegion()
        {
            return null;
        }

        /// <summary>Opens the camera.</summary>
        /// <param name="memory">Holds its frames.</param>
        /// <param name="format">What they are.</param>
        /// <param name="framePeriod">Microseconds from frame to frame.</param>
        /// <returns>nanoFramework has no driver of any camera, so this is a <see cref="SoftwareCamera"/>.</returns>
        public virtual SoftwareCamera OpenCamera(PhysicalMemory memory, VideoFormat format, int framePeriod)
        {
            return new SoftwareCamera(this, memory, format, framePeriod);
        }

        /// <summary>The application has ended; its last line is written.</summary>
        /// <param name="failure">Why it had to; null where it was asked to.</param>
        public virtual void OnEnd(string failure)
        {
        }
    }
}
