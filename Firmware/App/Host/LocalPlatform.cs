using System;
using System.Diagnostics;
using System.Globalization;
using System.Threading;
using Carveout.Video.Displays;

namespace Carveout.App
{
    /// <summary>The computer on which this was built: real time, standard output, no display, a report a second. It ends by itself after a
    /// few seconds, after the number of seconds in the environment variable CARVEOUT_SECONDS, or at Ctrl-C.</summary>
    internal sealed class LocalPlatform : Platform
    {
        private const string Variable = "CARVEOUT_SECONDS";
        private const int DefaultSeconds = 6, MostSeconds = 1000000;
        private const int Failed = 1, BadUsage = 2, Interrupted = 130;
        private const long Second = 1000000, Milli = 1000;

        private readonly long _end;
        private volatile bool _interrupted;

        internal LocalPlatform()
        {
            string text = Environment.GetEnvironmentVariable(Variable);
            int seconds = DefaultSeconds;
            if (!string.IsNullOrEmpty(text)
                && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) && seconds >= 1 && seconds <= MostSeconds))
            {
                Console.Error.WriteLine(Variable + "=" + text + ": expected seconds to run, 1 to "
                    + MostSeconds.ToString(CultureInfo.InvariantCulture));
                Environment.Exit(BadUsage);
            }
            _end = Now + seconds * Second;
            Console.CancelKeyPress += OnInterrupt;
        }

        public override string Board { get { return BuildBoard.Name; } }

        public override long Now { get { return Stopwatch.GetTimestamp() / (Stopwatch.Frequency / Second); } }

        public override bool IsStopRequested { get { return _interrupted || Now >= _end; } }

        public override long ReportPeriod { get { return Second; } }

        public override void SleepUntil(long time)
        {
            // Sleep again if a sleep ended a tick of the clock too early.
            for (long left = time - Now; left > 0; left = time - Now)
            {
                Thread.Sleep((int)((left + Milli - 1) / Milli));
            }
        }

        public override void WriteLine(string line) => Console.WriteLine(line);

        public override bool TakeDumpRequest() => false;

        public override DisplayBus OpenDisplay(DisplayWiring wiring) => null;

        public override void OnEnd(string failure) => Environment.ExitCode = failure != null ? Failed : _interrupted ? Interrupted : 0;

        private void OnInterrupt(object sender, ConsoleCancelEventArgs args)
        {
            args.Cancel = true;
            _interrupted = true;
        }
    }
}
