using System.Text.RegularExpressions;

namespace Carveout.Emulator.Import;

/// <summary>Reads what Android's malloc_debug writes with record_allocs: <c>186: malloc 0xb6038060 20</c>.</summary>
/// <remarks>Source: bionic libc/malloc_debug/RecordData.cpp and libc/memory/memory_trace (since Android 14 with the nanoseconds at which
/// each call began and ended); libc/malloc_debug/README.md.</remarks>
/// <param name="options">Which sizes and owners to use.</param>
internal sealed partial class AndroidRecords(ImportOptions options) : TracerFormat(options)
{
    /// <inheritdoc/>
    public override string Name => "android";

    /// <inheritdoc/>
    public override string Title => "malloc_debug record_allocs of Android";

    /// <inheritdoc/>
    protected override LineMeaning Read(in TracerLine line)
    {
        Match match = Record().Match(line.Said);
        if (!match.Success)
        {
            return LineMeaning.Foreign;
        }
        string name = match.Groups[2].Value;
        if (name == "thread_done")
        {
            return LineMeaning.Read;
        }
        string[] words = match.Groups[3].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int own = name switch { "free" => 1, "malloc" or "pvalloc" or "valloc" => 2, _ => 3 };
        bool isTimed = words.Length == own + 2;
        long began = HeapEvent.Untimed, ended = HeapEvent.Untimed;
        if ((words.Length != own && !isTimed) || !line.IsWhole || !TracerNumber.IsAddress(words[0], out ulong address)
            || (isTimed && !(TracerNumber.IsSize(words[own], out began) && TracerNumber.IsSize(words[own + 1], out ended))))
        {
            return LineMeaning.Damaged;
        }
        long task = long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        string owner = $"thread-{match.Groups[1].Value}";
        long size = 0, first = 0;
        if (name != "free" && !TracerNumber.IsSize(words[own - 1], out size))
        {
            return LineMeaning.Damaged;
        }
        switch (name)
        {
            case "free":
                Free(address, began, task);
                return LineMeaning.Read;
            case "realloc":
                if (!TracerNumber.IsAddress(words[1], out ulong old))
                {
                    return LineMeaning.Damaged;
                }
                Reallocate(old, address, size, ended, owner, task);
                return LineMeaning.Read;
            case "calloc" or "memalign":
                if (!TracerNumber.IsSize(words[1], out first))
                {
                    return LineMeaning.Damaged;
                }
                break;
            default:
                break;
        }
        bool isAligned = name == "memalign";
        Take(address, name == "calloc" ? TracerNumber.Product(first, size) : size, ended, owner, isAligned ? (ulong)first : ObjectAlignment, task);
        return LineMeaning.Read;
    }

    [GeneratedRegex(@"^([0-9]{1,9}): (malloc|free|calloc|realloc|memalign|pvalloc|valloc|thread_done)(?: (.*))?$")]
    private static partial Regex Record();
}
