namespace Carveout.Emulator.Investigation;

/// <summary>Where growth ends because memory does: from there on requests are refused, and who leaks does not grow any more.</summary>
internal static class Plateau
{
    /// <summary>The first loop of the plateau; as many as there are loops if there is none.</summary>
    /// <remarks>It is that tail of the run in which loops with a refusal outnumber those without by the most, the longest if several do. So
    /// a refusal here and there, where a peak met a full zone, ends nothing.</remarks>
    /// <param name="refused">By loop, whether a request was refused in it.</param>
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
