namespace Carveout.Video
{
    /// <summary>How a program waits for an interrupt, and what time it is. The board implements it, not the driver.</summary>
    /// <remarks>A wake is remembered until somebody waits, so that none is lost between a look at a queue and the wait. Several wakes before a
    /// wait count as one. Devices that a program serves in one loop share one of these.</remarks>
    public abstract class VideoWait
    {
        /// <summary>The board's clock, in microseconds.</summary>
        public abstract long Microseconds { get; }

        /// <summary>Sleeps until <see cref="Wake"/> is called, or was since the last sleep.</summary>
        /// <param name="microseconds">When to give up, in microseconds of <see cref="Microseconds"/>.</param>
        /// <returns>False if the time was over and nobody had called <see cref="Wake"/>.</returns>
        public abstract bool WaitUntil(long microseconds);

        /// <summary>Wakes the sleeper. Comes in interrupt context too: it must not block.</summary>
        public abstract void Wake();
    }
}
