using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Investigation;

/// <summary>The windows by which growth is judged in a trace: its loops, or where it marks too few, equal parts of its time or of its
/// operations.</summary>
internal sealed class TraceWindows
{
    /// <summary>Marks below which loops tell nothing: the last loop is not over, the one before it is not over for long.</summary>
    private const int FewestLoops = 4;

    /// <summary>More loops than this are put together: the slope looks at every pair of windows.</summary>
    private const int MostLoops = 1000;

    /// <summary>Equal parts; the latest is not judged, which leaves one for each span of <see cref="LeakSuspects"/>.</summary>
    private const int Parts = LeakSuspects.MostSpans + 1;

    /// <summary>Parts in which refusals are looked for: where they begin to rule is known to a hundredth of the trace.</summary>
    private const int RefusalParts = 100;

    private readonly List<string> _names = [];
    private readonly List<int> _begins = [];

    /// <summary>The windows of a part of a trace.</summary>
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
        // The last part is over as well.
        _begins.Add(end);
        _names.Add("");
    }

    /// <summary>Whether they cover only what was before requests went on being refused: nobody grows from there on.</summary>
    public bool EndsEarly { get; }

    /// <summary>Whether they are loops that the trace marks.</summary>
    public bool AreLoops { get; }

    /// <summary>What one of them is, as "a loop" or "60 operations" in words.</summary>
    public string Noun { get; }

    /// <summary>By window, the index of its first operation, in order; one of the length of the trace may end the last window.</summary>
    public IReadOnlyList<int> Begins => _begins;

    /// <summary>When a window begins.</summary>
    /// <param name="window">Its number, from 1.</param>
    public string Name(int window) => _names[window - 1];

    /// <summary>Behind the last operation before the plateau; all of them where there is none, or nothing before it.</summary>
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
