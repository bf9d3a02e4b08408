using System.Text.RegularExpressions;

namespace Carveout.Emulator.Import;

/// <summary>Reads what mtrace of the GNU C library writes.</summary>
/// <remarks>Source: glibc malloc/mtrace-impl.c (malloc/mtrace.c before 2.34): <c>+</c> is a request, <c>-</c> a free, <c>&lt;</c> and
/// <c>&gt;</c> the two halves of a reallocation, <c>!</c> one that failed. Sizes are hexadecimal. If the caller is known, it stands before
/// them, after <c>@</c>. The file has no times.</remarks>
/// <param name="options">Which sizes and owners to use.</param>
internal sealed partial class MallocTrace(ImportOptions options) : TracerFormat(options)
{
    private bool _isOpen;

    /// <inheritdoc/>
    public override string Name => "mtrace";

    /// <inheritdoc/>
    public override string Title => "mtrace of the GNU C library";

    /// <inheritdoc/>
    protected override LineMeaning Read(in TracerLine line)
    {
        string text = line.Clean.Trim();
        if (text is "= Start" or "= End")
        {
            _isOpen = text == "= Start";
            return LineMeaning.Read;
        }
        bool hasPlace = text.StartsWith("@ ", StringComparison.Ordinal);
        if (!hasPlace && !(_isOpen && text.Length > 2 && text[0] is '+' or '-' or '<' or '>' or '!'))
        {
            return LineMeaning.Foreign;
        }
        Match match = Record().Match(text);
        if (!match.Success)
        {
            // A caller is a program, a colon and a bracket; other texts have lines that begin with @, too.
            return hasPlace && text.Contains("[0x", StringComparison.Ordinal)
                ? LineMeaning.Damaged : LineMeaning.Foreign;
        }
        TracerNumber.IsAddress(match.Groups["address"].ValueSpan, out ulong address);
        bool hasSize = match.Groups["size"].Success;
        char kind = match.Groups["kind"].Value[0];
        // If the line has no end, its last word may be cut: the size of a request, or the address of a free.
        if (hasSize != (kind is '+' or '>' or '!') || !line.IsWhole || (hasSize && !TracerNumber.IsSize(match.Groups["size"].ValueSpan, out _)))
        {
            return LineMeaning.Damaged;
        }
        switch (kind)
        {
            case '-' or '<':
                Free(address, HeapEvent.Untimed);
                break;
            case '!':
                Events.FailedReallocations++;
                break;
            default:
                TracerNumber.IsSize(match.Groups["size"].ValueSpan, out long size);
                Take(address, size, HeapEvent.Untimed, Owner(null, Site(match.Groups["place"].Value)));
                break;
        }
        return LineMeaning.Read;
    }

    /// <summary>The function if its name is known; otherwise program and address.</summary>
    private static string? Site(string place)
    {
        if (place.Length == 0)
        {
            return null;
        }
        int open = place.IndexOf('('), close = place.IndexOf(')');
        return open >= 0 && close > open + 1 ? place[(open + 1)..close] : place[(place.LastIndexOf('/') + 1)..].Replace(":[", ":", StringComparison.Ordinal)
            .TrimEnd(']');
    }

    [GeneratedRegex(@"^(?:@ (?<place>\S(?:.{0,300}\S)?) )?(?<kind>[-+<>!]) (?<address>0x[0-9a-fA-F]{1,16}|\(nil\))(?: (?<size>0x[0-9a-fA-F]{1,16}|0))?$")]
    private static partial Regex Record();
}
