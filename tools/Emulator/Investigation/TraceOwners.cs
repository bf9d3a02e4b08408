using System.Numerics;
using Carveout.Diagnostics;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Investigation;

/// <summary>Whose the blocks of a trace are: its owners, or where it names none, the sizes of the requests instead.</summary>
internal sealed class TraceOwners
{
    /// <summary>More owners than this are one: nobody reads so long a list.</summary>
    private const int Most = 200;

    private readonly List<string> _names = [];
    private readonly int[] _ofId;

    /// <summary>The owners of a trace.</summary>
    public TraceOwners(TraceFile trace)
    {
        _ofId = new int[trace.IdCount];
        var numbers = new Dictionary<string, int>();
        TraceOperation[] requests = [.. trace.Operations.Where(operation => operation.IsAllocation)];
        AreNamed = requests.Any(request => request.Owner is not null);
        // By size, so that the numbers, and with them the colours, rise with it.
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

    /// <summary>Whether the trace names owners.</summary>
    public bool AreNamed { get; }

    /// <summary>By number, the names.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The number of a block's owner.</summary>
    public int Of(int id) => _ofId[id];

    /// <summary>Requests by the power of two that holds them.</summary>
    private static string SizeClass(int size) => $"size class {SizeText.Of(BitOperations.RoundUpToPowerOf2((uint)size))}";
}
