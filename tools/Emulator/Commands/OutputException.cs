namespace Carveout.Emulator.Commands;

/// <summary>Standard output cannot be written.</summary>
internal sealed class OutputException : Exception
{
    /// <summary>Says why, in a few words.</summary>
    public OutputException(string why)
        : base(why)
    {
    }
}
