using System;
using System.Device.Gpio;
using System.Threading;
using Carveout.Board;
using Carveout.Video.Displays;

namespace Carveout.App
{
    /// <summary>The board itself: its tick counter, its debug output, its button, its wires.</summary>
    /// <remarks>The button's event comes on another thread and only sets a flag. nanoFramework allocates the event's arguments.</remarks>
    internal sealed class LocalPlatform : Platform
    {
        private const long Milli = 1000;
        private const int DebounceTime = 50;

        private readonly GpioController _pins = new GpioController();
        private readonly object _gate = new object();

        /// <summary>Kept for as long as the application runs; otherwise the collector would close the pin.</summary>
        private GpioPin _button;

        private PinEventTypes _press;
        private bool _pressed;

        /// <inheritdoc/>
        public override string Board { get { return BuildBoard.Name; } }

        /// <inheritdoc/>
        /// <remarks>Environment is nanoFramework.Runtime.Native's. It counts milliseconds since the board started, even if the date is set.</remarks>
        public override long Now { get { return Environment.TickCount64 * Milli; } }

        /// <inheritdoc/>
        public override bool IsStopRequested { get { return false; } }

        /// <inheritdoc/>
        /// <remarks>nanoFramework tells this number only after a garbage collection. It moves nothing.</remarks>
        public override long FreeManagedBytes { get { return nanoFramework.Runtime.Native.GC.Run(false); } }

        /// <inheritdoc/>
        public override string NativeMemory { get { return Chip.NativeMemory(); } }

        /// <inheritdoc/>
        public override void SleepUntil(long time)
        {
            // Sleep again if a sleep ended a tick of the clock too early.
            for (long left = time - Now; left > 0; left = time - Now)
            {
                Thread.Sleep((int)((left + Milli - 1) / Milli));
            }
        }

        /// <inheritdoc/>
        public override void WriteLine(string line) => Console.WriteLine(line);

        /// <inheritdoc/>
        public override void OpenButton(BoardSetup setup)
        {
            if (setup.ButtonPin >= 0)
            {
                _press = setup.PressedIsHigh ? PinEventTypes.Rising : PinEventTypes.Falling;
                _button = _pins.OpenPin(setup.ButtonPin, setup.PressedIsHigh ? PinMode.Input : PinMode.InputPullUp);
                _button.DebounceTimeout = TimeSpan.FromMilliseconds(DebounceTime);
                _button.ValueChanged += OnButton;
            }
        }

        /// <inheritdoc/>
        public override bool TakeDumpRequest()
        {
            lock (_gate)
            {
                bool pressed = _pressed;
                _pressed = false;
                return pressed;
            }
        }

        /// <inheritdoc/>
        public override ReservedMemory OpenNativeRegion() => FirmwareRegion.Open();

        /// <inheritdoc/>
        public override DisplayBus OpenDisplay(DisplayWiring wiring) => DisplayWires.Open(wiring, _pins);

        private void OnButton(object sender, PinValueChangedEventArgs e)
        {
            if (e.ChangeType == _press)
            {
                lock (_gate)
                {
                    _pressed = true;
                }
            }
        }
    }
}
