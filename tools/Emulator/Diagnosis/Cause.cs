namespace Carveout.Emulator.Diagnosis;

/// <summary>Why a request failed, or what a series comes to. The names in JSON are these in kebab case.</summary>
internal enum Cause
{
    /// <summary>A heap's own structures are overwritten.</summary>
    Corrupt,

    /// <summary>The request can never be served by such memory.</summary>
    TooLarge,

    /// <summary>PSRAM is there, or should be, and the heap does not have it.</summary>
    PsramMissing,

    /// <summary>Memory is free where the request may not go.</summary>
    WrongZone,

    /// <summary>Free memory lies in pieces that are too small.</summary>
    Fragmented,

    /// <summary>A place large enough does not lie on the boundary that was asked for.</summary>
    Alignment,

    /// <summary>Pages that would have to move are held by somebody.</summary>
    Pinned,

    /// <summary>Addresses ran out, not memory.</summary>
    AddressSpace,

    /// <summary>A watermark or a reserve keeps what is free.</summary>
    HeldBack,

    /// <summary>There is not enough.</summary>
    ShortOfMemory,

    /// <summary>Somebody takes memory and does not give it back.</summary>
    Leak,

    /// <summary>Nothing failed, and nothing will by what is seen.</summary>
    NothingFailed,

    /// <summary>From this nothing follows.</summary>
    CannotTell,
}
