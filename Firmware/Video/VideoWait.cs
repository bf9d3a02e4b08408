namespace Carveout.Video
{
    /// <summary>How a program waits for an interrupt, and reads the clock. The board implements it, not the driver.</summary>
    /// <remarks>A wake is remembered until somebody waits, so that none is lost between reading a queue and waiting. Several wakes before a
    /// wait count as one. Devices that a program serves in one loop share one object.</remarks>
    public abstract class VideoWait
    {
        /// <summary>The board's clock, in microseconds.</summary>
        public abstract long Microseconds { get; }

        /// <summary>Sleeps until <see cref="Wake"/> is called. If it was called since the last sleep, returns at once.</summary>
        /// <param name="microseconds">When to give up, in the time of <see cref="Microseconds"/>.</param>
        /// <returns>False if the time was over before anybody called <see cref="Wake"/>.</returns>
        public abstract bool WaitUntil(long microseconds);

        /// <summary>Wakes the sleeper. It may be called in interrupt context, so it must not block.</summary>
        public abstract void Wake();
    }
}
