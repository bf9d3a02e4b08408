namespace Carveout.Emulator.Planning;

/// <summary>A pool of byte arrays as the user types it: <c>NAME:SIZExCOUNT</c>.</summary>
/// <param name="Name">The pool's name, an identifier of C#.</param>
/// <param name="Size">Bytes of a buffer.</param>
/// <param name="Count">How many there are.</param>
internal sealed record BufferSpec(string Name, int Size, int Count)
{
    /// <summary>The form of the argument, for messages.</summary>
    public const string Expected = "NAME:SIZExCOUNT as http:1500x4, a name of letters and digits, 1 to 786364 bytes and 1 to 65536 buffers";

    /// <summary>Bytes of a pool's objects and of its two tables, by the rules in docs/heap-budget.md.</summary>
    private const int PoolBytes = 320, BytesPerBuffer = 24;

    /// <summary>Bytes of the managed heap that the pool takes.</summary>
    public long HeapBytes => PoolBytes + Count * (BytesPerBuffer + StockHeap.ArrayBytes(Size));

    /// <summary>Parses a pool.</summary>
    /// <returns>Null if the text is not one.</returns>
    public static BufferSpec? Of(string text) =>
        text.Split(':') is [var name, var numbers] && name.Length is > 0 and <= 32 && char.IsAsciiLetter(name[0]) && name.All(char.IsAsciiLetterOrDigit)
            && numbers.Split('x') is [var size, var count] && ByteSize.TryParse(size, out long bytes) && bytes is >= 1 and <= ManagedMemory.MaxBankSize
            && WholeNumber.TryParse(count, 1, 65536, out int buffers)
            ? new BufferSpec(name, (int)bytes, buffers)
            : null;

    /// <summary>As the user types it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}:{Size}x{Count}");
}
