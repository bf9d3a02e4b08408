namespace Carveout.Emulator.Investigation;

/// <summary>The part of a run in which memory is full: requests are refused, and an owner that leaks cannot grow any more.</summary>
internal static class Plateau
{
    /// <summary>The first loop of the plateau; the number of loops if there is none.</summary>
    /// <remarks>The plateau is the tail of the run in which loops with a refusal outnumber those without by the most; if there are several,
    /// the longest. So a single refusal, when a peak met a full zone, makes no plateau.</remarks>
    /// <param name="refused">By loop: whether a request was refused in it.</param>
    public static int BeginIn(IReadOnlyList<bool> refused)
    {
        int begin = refused.Count, most = 0, sum = 0;
        for (int loop = refused.Count - 1; loop >= 0; loop--)
        {
            sum += refused[loop] ? 1 : -1;
            if (sum > 0 && sum >= most)
            {
                (begin, most) = (loop, sum);
            }
        }
        return begin;
    }
}
