namespace Carveout.Emulator.Planning;

/// <summary>The answer to a request.</summary>
/// <param name="Request">The question.</param>
/// <param name="Alternatives">Requests that would fit, if this one does not: the cheapest change first.</param>
internal abstract record PlanAnswer(PlanRequest Request, IReadOnlyList<Alternative> Alternatives)
{
    /// <summary>Whether everything fits.</summary>
    public abstract bool Fits { get; }

    /// <summary>Bytes of all reservations of frames.</summary>
    public abstract long ReservationBytes { get; }

    /// <summary>Bytes that are missing if it does not fit.</summary>
    public abstract long MissingBytes { get; }
}

/// <summary>Another request that fits.</summary>
/// <param name="Change">The difference to the original request, in words.</param>
/// <param name="Request">The request.</param>
/// <param name="ReservationBytes">Bytes of its reservations.</param>
internal sealed record Alternative(string Change, PlanRequest Request, long ReservationBytes);
