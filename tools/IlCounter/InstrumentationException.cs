namespace Carveout.IlCounter;

/// <summary>An assembly that cannot be rewritten or measured; the message is one line and names the file and the reason.</summary>
public sealed class InstrumentationException : Exception
{
    /// <summary>With a message that names the file and the reason.</summary>
    public InstrumentationException(string message, Exception? cause = null)
        : base(message.ReplaceLineEndings(" "), cause)
    {
    }
}
