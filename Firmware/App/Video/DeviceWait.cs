using Carveout.Video;

namespace Carveout.App
{
    /// <summary>Waits for devices that are software: it runs them, and sleeps until the next frame is due.</summary>
    internal sealed class DeviceWait : VideoWait
    {
        private readonly Platform _platform;
        private SoftwareCamera _camera;
        private SoftwareDisplay _display;
        private bool _woken;

        internal DeviceWait(Platform platform) => _platform = platform;

        /// <inheritdoc/>
        public override long Microseconds { get { return _platform.Now; } }

        internal void Serve(SoftwareCamera camera, SoftwareDisplay display)
        {
            _camera = camera;
            _display = display;
        }

        /// <inheritdoc/>
        public override bool WaitUntil(long microseconds)
        {
            while (true)
            {
                _display.Poll();
                _camera.Poll();
                if (_woken)
                {
                    _woken = false;
                    return true;
                }
                if (Microseconds >= microseconds)
                {
                    return false;
                }
                long due = _camera.Due;
                _platform.SleepUntil(due < microseconds ? due : microseconds);
            }
        }

        /// <inheritdoc/>
        public override void Wake() => _woken = true;
    }
}
