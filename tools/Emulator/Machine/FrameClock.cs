namespace Carveout.Emulator.Machine;

/// <summary>Computes when frames and their lines begin, for any rate, without drift.</summary>
/// <param name="Frames">Frames in <paramref name="Seconds"/> seconds, above 0.</param>
/// <param name="Seconds">Above 0: 30000 frames in 1001 seconds is NTSC's rate.</param>
/// <param name="Lines">Line times of a frame, including the vertical blank.</param>
internal sealed record FrameClock(int Frames, int Seconds, int Lines)
{
    private const long Second = 1_000_000;

    /// <summary>Microseconds from frame to frame, rounded down.</summary>
    public int Period => (int)(Second * Seconds / Frames);

    /// <summary>When line <paramref name="line"/> of frame <paramref name="frame"/> begins, in microseconds after frame 0, rounded down.</summary>
    public long TimeOf(long frame, int line) => ((frame * Lines) + line) * Seconds * Second / ((long)Frames * Lines);
}
