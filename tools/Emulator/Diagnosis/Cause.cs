namespace Carveout.Emulator.Diagnosis;

/// <summary>Why a request failed, or what a series shows. In JSON the names are in kebab case.</summary>
internal enum Cause
{
    /// <summary>A heap's own data structures were overwritten.</summary>
    Corrupt,

    /// <summary>The request is too large for this memory, even when all of it is free.</summary>
    TooLarge,

    /// <summary>The board has PSRAM, or should have it, but the heap does not.</summary>
    PsramMissing,

    /// <summary>The free memory is in zones that the request must not use.</summary>
    WrongZone,

    /// <summary>The free memory lies in pieces that are too small.</summary>
    Fragmented,

    /// <summary>No large enough place lies on the boundary that was asked for.</summary>
    Alignment,

    /// <summary>Pages that would have to move are pinned.</summary>
    Pinned,

    /// <summary>Addresses ran out, but memory did not.</summary>
    AddressSpace,

    /// <summary>A watermark or a reserve keeps back the free memory.</summary>
    HeldBack,

    /// <summary>Too little memory is free.</summary>
    ShortOfMemory,

    /// <summary>An owner allocates memory and does not free it.</summary>
    Leak,

    /// <summary>Nothing failed, and the dumps do not show that anything will.</summary>
    NothingFailed,

    /// <summary>The dumps do not show a cause.</summary>
    CannotTell,
}
