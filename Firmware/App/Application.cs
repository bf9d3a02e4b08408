using System;
using Carveout.Board;
using Carveout.Diagnostics;
using Carveout.Memory;
using Carveout.Video;

namespace Carveout.App
{
    /// <summary>Boots, plays and reports until it is asked to stop or something throws. Then it stops everything in order, and says so.</summary>
    /// <remarks>For each frame it allocates nothing from the managed heap, except what nanoFramework wraps bus transfers in. Reports, dumps
    /// and the end make strings.</remarks>
    internal sealed class Application
    {
        private const int SlabsPerBoard = 64;

        private readonly Platform _platform;
        private readonly UptimeClock _clock;
        private readonly LineWriter _console;

        private CarveoutMemory _memory;
        private SlabAllocator _slabs;
        private VideoChain _video;
        private LeakingApplication _leak;
        private LoggingApplication _log;
        private OwnerTable _owners;
        private TraceRing _trace;
        private TraceDump _dump;
        private int _freeAtBoot, _reports;

        internal Application(Platform platform)
        {
            _platform = platform;
            _clock = new UptimeClock(platform);
            _console = new LineWriter(platform);
        }

        internal void Run()
        {
            string failure = null;
            try
            {
                Boot();
                Play();
                _console.Write(OwnerText.PageOwner(_owners, _memory.Pages));
            }
            catch (Exception e)
            {
                failure = Failure.Words(e);
                TellFailure(failure, e);
            }
            Stop(failure);
        }

        private void Boot()
        {
            BoardSetup setup = _platform.Setup;
            // Reserve memory before any other large allocation: the heap will never again have so much in a row.
            MemoryMap board = _platform.CreateMap(VideoChain.PoolSize(setup));
            _memory = CarveoutMemory.Reserve(board, _platform.OpenNativeRegion());
            PageAllocator pages = _memory.Pages;
            _freeAtBoot = PageCount.Free(pages);
            _console.Write("carveout on " + _platform.Board);
            _console.Write(_memory.IoMem());
            OpenButton(setup);
            _trace = new TraceRing(AppSettings.TraceRecords, _clock);
            _dump = new TraceDump(pages, _trace);
            _owners = new OwnerTable(OwnerSlots(PageCount.All(pages)));
            pages.Trace(_trace);
            pages.TrackOwners(_owners);
            _slabs = new SlabAllocator(pages, _memory.Memory, SlabsPerBoard, null, null);
            var kmalloc = new KmallocCaches(_slabs, new int[] { 32, 64, 128, 256, 512, 1024 });
            _video = new VideoChain(_platform, setup, _memory);
            _console.Write(_video.Description + (_video.WhyHeadless.Length == 0 ? "" : "; " + _video.WhyHeadless));
            _console.Write(_video.Pipeline.Contract.ToText());
            long now = _platform.Now;
            _log = new LoggingApplication(pages, kmalloc, now);
            if (_platform.HasLeak)
            {
                _leak = new LeakingApplication(pages, _memory.Memory, now, AppSettings.ReportsToFull * _platform.ReportPeriod);
            }
        }

        private void OpenButton(BoardSetup setup)
        {
            try
            {
                _platform.OpenButton(setup);
            }
            catch (Exception e)
            {
                _console.Write("no button: " + Failure.Words(e));
            }
        }

        private void Play()
        {
            Pipeline pipeline = _video.Pipeline;
            VideoResult result = pipeline.Start();
            if (result != VideoResult.Ok)
            {
                throw new Failure("the pipeline did not start: " + pipeline.Refusal);
            }
            long nextReport = _clock.Start + _platform.ReportPeriod;
            int vain = 0;
            while (!_platform.IsStopRequested)
            {
                result = pipeline.Step(AppSettings.FrameTimeout);
                if (!pipeline.IsRunning)
                {
                    throw new Failure("the pipeline stopped: " + pipeline.Refusal);
                }
                vain = result == VideoResult.Ok ? 0 : vain + 1;
                if (vain == AppSettings.MostVainWaits)
                {
                    throw new Failure("no frame came for " + (vain * AppSettings.FrameTimeout / 1000).ToString() + " s");
                }
                long now = _platform.Now;
                _log.Run(now);
                if (_leak != null && _leak.Run(now))
                {
                    _console.Write(LeakingApplication.Name + " was refused a page, for the first time, after " + _clock.ToText());
                    _console.Write(FailureReport.ToText(_memory.Pages));
                }
                if (_platform.TakeDumpRequest())
                {
                    TellAll();
                    DumpTrace();
                }
                if (now >= nextReport)
                {
                    // Add to the time when the report was due, so that a late report does not delay the next one.
                    nextReport += _platform.ReportPeriod;
                    Report();
                }
            }
        }

        /// <summary>Reports what changes from minute to minute, in few lines, so that a day's console can be read.</summary>
        private void Report()
        {
            Pipeline pipeline = _video.Pipeline;
            _trace.MarkLoop(++_reports);
            _console.Write("report " + _reports.ToString() + " after " + _clock.ToText() + ": " + pipeline.Shown.ToString() + " frames shown, "
                + pipeline.Dropped.ToString() + " dropped, " + pipeline.Damaged.ToString() + " damaged");
            _console.Write("  " + _video.MemoryText());
            _console.Write("  " + LoggingApplication.Name + ": " + _log.Written.ToString() + " lines written, " + _log.Refused.ToString() + " refused"
                + (_leak == null ? "" : "; " + LeakingApplication.Name + ": " + _leak.Pages.ToString() + " pages taken, "
                    + _leak.Refused.ToString() + " refused"));
            _console.Write("  owners: " + ProcText.TopOwners(_memory.Pages));
            long managed = _platform.FreeManagedBytes;
            if (managed >= 0)
            {
                _console.Write("  managed heap: " + managed.ToString() + " bytes free");
            }
            string native = _platform.NativeMemory;
            if (native.Length != 0)
            {
                _console.Write("  native memory: " + native);
            }
        }

        /// <summary>Reports everything that /proc would show.</summary>
        private void TellAll()
        {
            PageAllocator pages = _memory.Pages;
            _console.Write("all of it after " + _clock.ToText());
            _console.Write(ProcText.BuddyInfo(pages));
            _console.Write(ProcText.ZoneInfo(pages));
            _console.Write(SlabText.SlabInfo(_slabs));
            _console.Write(OwnerText.PageOwner(_owners, pages));
            _console.Write("video: " + _video.Pipeline.ToText());
        }

        private void DumpTrace()
        {
            for (string line = _dump.Next(); line != null; line = _dump.Next())
            {
                _console.Write(line);
            }
        }

        /// <summary>Reports why the application ends.</summary>
        private void TellFailure(string failure, Exception thrown)
        {
            try
            {
                _console.Write("failed after " + _clock.ToText() + ": " + failure);
                if (_platform.TellsStack && thrown.StackTrace != null)
                {
                    _console.Write(thrown.StackTrace);
                }
                string report = _memory == null ? "" : FailureReport.ToText(_memory.Pages);
                _console.Write(report.Length != 0 ? "the last page allocation that failed:" : "no page allocation has failed"
                    + (thrown is OutOfMemoryException ? ": the managed heap has no room for the application's own objects" : ""));
                _console.Write(report);
                if (_owners != null)
                {
                    _console.Write(OwnerText.PageOwner(_owners, _memory.Pages));
                }
            }
            catch (Exception)
            {
                // Without a console, or without memory for a string, the report is lost; memory is given back all the same.
            }
        }

        /// <summary>Gives everything back, step by step. A step that throws does not prevent the next one. The report comes last.</summary>
        private void Stop(string failure)
        {
            int lines = _log == null ? 0 : _log.Held, leaked = _leak == null ? 0 : _leak.Pages;
            if (_memory != null)
            {
                // The trace should show what happened, and not how it was cleaned up.
                _memory.Pages.Trace(null);
            }
            string lost = StopVideo() + StopLeak() + StopLog() + CheckPages();
            try
            {
                TellStopped(lines, leaked);
                _console.Write("carveout ended after " + _clock.ToText() + ": " + (lost.Length != 0 ? "not in order" + lost
                    : failure == null ? "in order, as asked" : "in order, after a failure"));
            }
            catch (Exception e)
            {
                failure = failure == null ? "its end was not told: " + Failure.Words(e) : failure;
            }
            _platform.OnEnd(lost.Length == 0 ? failure : failure + lost);
        }

        private string StopVideo()
        {
            try
            {
                if (_video != null)
                {
                    _video.Pipeline.Stop();
                }
                return "";
            }
            catch (Exception e)
            {
                return Because("the pipeline did not stop", e);
            }
        }

        private string StopLeak()
        {
            try
            {
                if (_leak != null)
                {
                    _leak.End();
                }
                return "";
            }
            catch (Exception e)
            {
                return Because("app.leak did not stop", e);
            }
        }

        private string StopLog()
        {
            try
            {
                if (_log != null)
                {
                    _log.End();
                }
                if (_slabs != null)
                {
                    _slabs.Shrink(int.MaxValue);
                }
                return "";
            }
            catch (Exception e)
            {
                return Because("app.log did not stop", e);
            }
        }

        private string CheckPages()
        {
            if (_memory == null)
            {
                return "";
            }
            int free = PageCount.Free(_memory.Pages);
            return free == _freeAtBoot ? "" : "; " + (_freeAtBoot - free).ToString() + " pages did not come back";
        }

        private void TellStopped(int lines, int leaked)
        {
            // The dump comes first, so that the lines of interest come last.
            if (_dump != null && _platform.DumpsAtEnd)
            {
                DumpTrace();
            }
            if (_video != null)
            {
                _console.Write("pipeline off: " + _video.Pipeline.ToText());
                _console.Write(_video.MemoryText());
            }
            if (_log != null)
            {
                _console.Write("applications off: " + LoggingApplication.Name + " gave back " + lines.ToString() + " lines"
                    + (_leak == null ? "" : ", " + LeakingApplication.Name + " " + leaked.ToString() + " pages"));
            }
            if (_memory != null)
            {
                _console.Write(PageCount.Free(_memory.Pages).ToString() + " pages free, " + _freeAtBoot.ToString() + " at boot");
            }
        }

        private static string Because(string what, Exception thrown) => "; " + what + ": " + Failure.Words(thrown);

        /// <summary>Slots for as many allocations as there are pages, up to the limit of a table.</summary>
        private static int OwnerSlots(int pages)
        {
            int slots = 8;
            while (slots < OwnerTable.MaxEntries && slots - slots / 8 < pages)
            {
                slots *= 2;
            }
            return slots;
        }
    }
}
