using System.Numerics;
using Carveout.Diagnostics;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Investigation;

/// <summary>The owners of a trace's blocks. If the trace has no owners' names, the sizes of requests are used instead.</summary>
internal sealed class TraceOwners
{
    /// <summary>If there are more owners than this, all become one: nobody reads such a long list.</summary>
    private const int Most = 200;

    private readonly List<string> _names = [];
    private readonly int[] _ofId;

    /// <summary>Finds the owners of a trace.</summary>
    public TraceOwners(TraceFile trace)
    {
        _ofId = new int[trace.IdCount];
        var numbers = new Dictionary<string, int>();
        TraceOperation[] requests = [.. trace.Operations.Where(operation => operation.IsAllocation)];
        AreNamed = requests.Any(request => request.Owner is not null);
        // In the order of sizes, so that numbers, and with them colours, rise with the size.
        foreach (TraceOperation request in AreNamed ? requests : [.. requests.OrderBy(request => request.Size)])
        {
            string name = !AreNamed ? SizeClass(request.Size) : request.Owner ?? "(not named)";
            if (!numbers.TryGetValue(name, out int number))
            {
                bool fits = _names.Count < Most;
                numbers[name] = number = fits ? _names.Count : Most;
                if (_names.Count <= Most)
                {
                    _names.Add(fits ? name : "(others)");
                }
            }
            _ofId[request.Id] = number;
        }
    }

    /// <summary>Whether the trace has owners' names.</summary>
    public bool AreNamed { get; }

    /// <summary>The names, by number.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The number of a block's owner.</summary>
    public int Of(int id) => _ofId[id];

    /// <summary>The size class of a request: the power of two that holds it.</summary>
    private static string SizeClass(int size) => $"size class {SizeText.Of(BitOperations.RoundUpToPowerOf2((uint)size))}";
}
