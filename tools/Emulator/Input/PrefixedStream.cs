namespace Carveout.Emulator.Input;

/// <summary>A stream whose beginning has been read already, as a stream from its beginning: a pipe can be read only once.</summary>
/// <param name="beginning">The bytes that were read.</param>
/// <param name="rest">The stream; disposed of with this.</param>
internal sealed class PrefixedStream(ReadOnlyMemory<byte> beginning, Stream rest) : Stream
{
    private ReadOnlyMemory<byte> _beginning = beginning;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override void Flush()
    {
        // There is nothing to flush.
    }

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
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

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
