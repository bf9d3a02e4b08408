using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Investigation;

/// <summary>The windows by which growth is judged in a trace: its loops or, if it marks too few, equal parts of its time or
/// operations.</summary>
internal sealed class TraceWindows
{
    /// <summary>With fewer marks, loops say nothing: the last loop has not ended, and the one before it has only just ended.</summary>
    private const int FewestLoops = 4;

    /// <summary>If there are more loops than this, neighbours are joined, because the slope compares every pair of windows.</summary>
    private const int MostLoops = 1000;

    /// <summary>How many equal parts there are. The last one is not judged, which leaves one for each span of <see
    /// cref="LeakSuspects"/>.</summary>
    private const int Parts = LeakSuspects.MostSpans + 1;

    /// <summary>In how many parts refusals are searched, so that the beginning of the plateau is known to a hundredth of the
    /// trace.</summary>
    private const int RefusalParts = 100;

    private readonly List<string> _names = [];
    private readonly List<int> _begins = [];

    /// <summary>Finds the windows of a part of a trace.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="axis">Its axis.</param>
    /// <param name="first">Index of the first operation of the part.</param>
    /// <param name="end">Index behind the last one.</param>
    public TraceWindows(TraceFile trace, TraceAxis axis, int first, int end)
    {
        int[] loops = [.. Enumerable.Range(0, trace.LoopStarts.Count).Where(loop => trace.LoopStarts[loop] >= first && trace.LoopStarts[loop] < end)];
        AreLoops = loops.Length >= FewestLoops;
        if (AreLoops)
        {
            int step = (loops.Length + MostLoops - 1) / MostLoops;
            Noun = step == 1 ? "loop" : $"{step} loops";
            foreach (int loop in loops.Where((loop, i) => i % step == 0))
            {
                _begins.Add(trace.LoopStarts[loop]);
                _names.Add($"loop {trace.LoopNumbers[loop].ToString(CultureInfo.InvariantCulture)}");
            }
            return;
        }
        int last = end;
        end = BeforeRefusals(trace, first, end);
        EndsEarly = end < last;
        double from = axis.At(first), length = (axis.At(end - 1) - from) / Parts;
        bool byTime = axis.IsTime && length > 0;
        Noun = byTime ? TraceAxis.Seconds(length) : CountText.Of((end - first) / Parts, "operation");
        int operation = first;
        for (int part = 0; part < Parts; part++)
        {
            while (byTime && operation < end && axis.At(operation) < from + (part * length))
            {
                operation++;
            }
            _begins.Add(byTime ? operation : first + (int)((long)part * (end - first) / Parts));
            _names.Add(byTime ? TraceAxis.Seconds(from + (part * length)) : $"operation {_begins[^1] + 1}");
        }
        // The last part has ended as well.
        _begins.Add(end);
        _names.Add("");
    }

    /// <summary>Whether they end where requests begin to be refused again and again, because nobody grows after that.</summary>
    public bool EndsEarly { get; }

    /// <summary>Whether they are loops that the trace marks.</summary>
    public bool AreLoops { get; }

    /// <summary>A window in words: "a loop" or "60 operations".</summary>
    public string Noun { get; }

    /// <summary>By window: the index of its first operation, in order. The trace's length may end the last window.</summary>
    public IReadOnlyList<int> Begins => _begins;

    /// <summary>When a window begins, in words.</summary>
    /// <param name="window">Its number, from 1.</param>
    public string Name(int window) => _names[window - 1];

    /// <summary>The index behind the last operation before the plateau; the end if there is no plateau, or nothing before it.</summary>
    private static int BeforeRefusals(TraceFile trace, int first, int end)
    {
        bool[] refused = new bool[RefusalParts];
        for (int i = first; i < end; i++)
        {
            refused[(long)(i - first) * RefusalParts / (end - first)] |= trace.IsRefused(i);
        }
        int plateau = Plateau.BeginIn(refused);
        int before = first + (int)(((long)plateau * (end - first) + RefusalParts - 1) / RefusalParts);
        return before - first < Parts ? end : before;
    }
}
