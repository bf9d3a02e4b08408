namespace Carveout.Emulator.Input;

/// <summary>Standard input as a stream on which the user can end a wait; a read from a console or a pipe cannot be cancelled.</summary>
internal sealed class StandardInput(CancellationToken cancel) : Stream
{
    /// <summary>The name under which an argument means standard input.</summary>
    public const string Name = "-";

    private readonly Stream _input = Console.OpenStandardInput();

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
        // Nothing is written.
    }

    /// <inheritdoc/>
    /// <exception cref="OperationCanceledException">The user ended the wait. The waiting thread ends with the process.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        Task<int> read = Task.Run(() => _input.Read(buffer, offset, count), CancellationToken.None);
        read.Wait(cancel);
        return read.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
