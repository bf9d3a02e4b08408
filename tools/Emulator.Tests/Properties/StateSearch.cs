namespace Carveout.Emulator.Tests.Properties;

/// <summary>Visits all states of a small map breadth first, and checks all invariants in each.</summary>
/// <param name="operations">The operations to try in a state.</param>
/// <param name="fingerprint">Tells states apart.</param>
internal sealed class StateSearch(
    PropertyRun run, Func<CheckedMap, IEnumerable<MapOperation>> operations, Func<CheckedMap, UInt128> fingerprint)
{
    /// <summary>How a state was reached.</summary>
    private sealed record Node(CheckedMap State, Node? Before, MapOperation Operation)
    {
        public override string ToString() => Before == null ? " from the first state" : $"{Before}, {Operation}";
    }

    /// <summary>How many states have been found.</summary>
    public int States { get; private set; }

    /// <summary>How many calls have been made.</summary>
    public int Calls { get; private set; }

    /// <summary>Whether all reachable states have been visited.</summary>
    public bool IsComplete { get; private set; }

    public void Go(CheckedMap first, int mostStates)
    {
        var seen = new HashSet<UInt128> { fingerprint(first) };
        var queue = new Queue<Node>([new Node(first, null, default)]);
        while (queue.TryDequeue(out Node? node))
        {
            run.Path = node;
            foreach (MapOperation operation in operations(node.State))
            {
                CheckedMap state = ObjectGraph.Copy(node.State, run);
                state.Apply(operation);
                Calls++;
                if (seen.Add(fingerprint(state)))
                {
                    state.Validate();
                    queue.Enqueue(new Node(state, node, operation));
                }
            }
            States = seen.Count;
            if (States >= mostStates)
            {
                return;
            }
        }
        IsComplete = true;
    }
}
