namespace Carveout.IlCounter;

/// <summary>An assembly that cannot be rewritten or measured. The message is one line, with the file and the reason.</summary>
public sealed class InstrumentationException : Exception
{
    /// <summary>Creates it with a message that names the file and the reason.</summary>
    public InstrumentationException(string message, Exception? cause = null)
        : base(message.ReplaceLineEndings(" "), cause)
    {
    }
}
