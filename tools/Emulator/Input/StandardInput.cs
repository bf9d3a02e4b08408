namespace Carveout.Emulator.Input;

/// <summary>Standard input as a stream on which the user can end a wait; a read from a console or a pipe cannot be cancelled.</summary>
internal sealed class StandardInput(CancellationToken cancel) : ForwardStream
{
    /// <summary>The name under which an argument means standard input.</summary>
    public const string Name = "-";

    private readonly Stream _input = Console.OpenStandardInput();

    /// <inheritdoc/>
    /// <exception cref="OperationCanceledException">The user ended the wait. The waiting thread ends with the process.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        Task<int> read = Task.Run(() => _input.Read(buffer, offset, count), CancellationToken.None);
        read.Wait(cancel);
        return read.GetAwaiter().GetResult();
    }
}
