namespace Carveout.Emulator.Input;

/// <summary>A stream whose beginning has been read already, as a stream from its beginning: a pipe can be read only once.</summary>
/// <param name="beginning">The bytes that were read.</param>
/// <param name="rest">The stream; disposed of with this.</param>
internal sealed class PrefixedStream(ReadOnlyMemory<byte> beginning, Stream rest) : ForwardStream
{
    private ReadOnlyMemory<byte> _beginning = beginning;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_beginning.IsEmpty)
        {
            return rest.Read(buffer, offset, count);
        }
        int length = Math.Min(count, _beginning.Length);
        _beginning[..length].CopyTo(buffer.AsMemory(offset));
        _beginning = _beginning[length..];
        return length;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            rest.Dispose();
        }
        base.Dispose(disposing);
    }
}
