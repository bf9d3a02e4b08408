namespace Carveout.Emulator.Planning;

/// <summary>A pool of byte arrays as it is typed: <c>NAME:SIZExCOUNT</c>.</summary>
/// <param name="Name">The pool's name, an identifier of C#.</param>
/// <param name="Size">Bytes of a buffer.</param>
/// <param name="Count">How many there are.</param>
internal sealed record BufferSpec(string Name, int Size, int Count)
{
    /// <summary>What one is expected to look like.</summary>
    public const string Expected = "NAME:SIZExCOUNT as http:1500x4, a name of letters and digits, 1 to 786364 bytes and 1 to 65536 buffers";

    /// <summary>The objects of a pool, and its two tables: docs/heap-budget.md has the rules.</summary>
    private const int PoolBytes = 320, BytesPerBuffer = 24;

    /// <summary>What the pool takes of the managed heap.</summary>
    public long HeapBytes => PoolBytes + Count * (BytesPerBuffer + StockHeap.ArrayBytes(Size));

    /// <summary>Reads one.</summary>
    /// <returns>Null where it is none.</returns>
    public static BufferSpec? Of(string text) =>
        text.Split(':') is [var name, var numbers] && name.Length is > 0 and <= 32 && char.IsAsciiLetter(name[0]) && name.All(char.IsAsciiLetterOrDigit)
            && numbers.Split('x') is [var size, var count] && ByteSize.TryParse(size, out long bytes) && bytes is >= 1 and <= ManagedMemory.MaxBankSize
            && WholeNumber.TryParse(count, 1, 65536, out int buffers)
            ? new BufferSpec(name, (int)bytes, buffers)
            : null;

    /// <summary>As it is typed.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}:{Size}x{Count}");
}
