namespace Carveout.Emulator.Planning;

/// <summary>The answer to a request.</summary>
/// <param name="Request">The question.</param>
/// <param name="Alternatives">What would fit, where this does not: the cheapest change first.</param>
internal abstract record PlanAnswer(PlanRequest Request, IReadOnlyList<Alternative> Alternatives)
{
    /// <summary>Whether everything fits.</summary>
    public abstract bool Fits { get; }

    /// <summary>Bytes of all reservations of frames.</summary>
    public abstract long ReservationBytes { get; }

    /// <summary>Bytes that are missing where it does not.</summary>
    public abstract long MissingBytes { get; }
}

/// <summary>Something else that fits.</summary>
/// <param name="Change">In words, against what was asked for.</param>
/// <param name="Request">To plan instead.</param>
/// <param name="ReservationBytes">What that takes.</param>
internal sealed record Alternative(string Change, PlanRequest Request, long ReservationBytes);
