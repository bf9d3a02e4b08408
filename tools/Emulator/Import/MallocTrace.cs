using System.Text.RegularExpressions;

namespace Carveout.Emulator.Import;

/// <summary>What mtrace of the GNU C library writes.</summary>
/// <remarks>Source: glibc malloc/mtrace-impl.c (malloc/mtrace.c before 2.34): <c>+</c> a request, <c>-</c> a free, <c>&lt;</c> and
/// <c>&gt;</c> a reallocation's two halves, <c>!</c> one that failed; sizes are hexadecimal; <c>@</c> and the caller stand before it where it is known.
/// The file tells no times.</remarks>
/// <param name="options">What to take for sizes and owners.</param>
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
            // A caller is a program, a colon and a bracket; others begin lines with @, too.
            return hasPlace && text.Contains("[0x", StringComparison.Ordinal)
                ? LineMeaning.Damaged : LineMeaning.Foreign;
        }
        TracerNumber.IsAddress(match.Groups["address"].ValueSpan, out ulong address);
        bool hasSize = match.Groups["size"].Success;
        char kind = match.Groups["kind"].Value[0];
        // The last word of a line without an end may be cut: the size of a request, the address of a free.
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

    /// <summary>The function where its name is known, or else program and address.</summary>
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
