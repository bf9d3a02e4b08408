using System.Text.RegularExpressions;

namespace Carveout.Emulator.Import;

/// <summary>Reads LTTng's wrapper of the C library, as babeltrace prints it.</summary>
/// <remarks>Source: lttng-ust src/lib/lttng-ust-libc-wrapper/ust_libc.h and lttng-ust-malloc.c (out_ptr of posix_memalign is the memory,
/// not the place where its address is stored); babeltrace's text output.</remarks>
/// <param name="options">Which sizes and owners to use.</param>
internal sealed partial class LttngEvents(ImportOptions options) : TracerFormat(options)
{
    /// <inheritdoc/>
    public override string Name => "lttng";

    /// <inheritdoc/>
    public override string Title => "LTTng's wrapper of the C library (babeltrace)";

    /// <inheritdoc/>
    protected override LineMeaning Read(in TracerLine line)
    {
        Match match = Event().Match(line.Said);
        if (!match.Success)
        {
            return LineMeaning.Foreign;
        }
        var fields = new EventFields(line.Said[(match.Index + match.Length)..]);
        return fields.IsClosed && Take(match.Groups[1].Value, fields, line.Time) ? LineMeaning.Read : LineMeaning.Damaged;
    }

    private bool Take(string name, EventFields fields, long time)
    {
        long task = TracerNumber.IsSize(fields["vtid"], out long thread) ? thread : TracerNumber.IsSize(fields["vpid"], out long process) ? process : 0;
        string program = fields["procname"].Trim('"');
        string? owner = Owner(program.Length > 0 ? program : null, fields["ip"] is { Length: > 0 } place ? place : null);
        ulong address;
        if (name == "free")
        {
            if (!Address(fields["ptr"], out address))
            {
                return false;
            }
            Free(address, time, task);
            return true;
        }
        bool isPosix = name == "posix_memalign";
        if (!TracerNumber.IsSize(fields["size"], out long size) || !Address(fields[isPosix ? "out_ptr" : "ptr"], out address))
        {
            return false;
        }
        switch (name)
        {
            case "realloc":
                if (!Address(fields["in_ptr"], out ulong old))
                {
                    return false;
                }
                Reallocate(old, address, size, time, owner, task);
                return true;
            case "calloc":
                if (!TracerNumber.IsSize(fields["nmemb"], out long members))
                {
                    return false;
                }
                Take(address, TracerNumber.Product(members, size), time, owner, ObjectAlignment, task);
                return true;
            case "malloc":
                Take(address, size, time, owner, ObjectAlignment, task);
                return true;
            default:
                if (!TracerNumber.IsSize(fields["alignment"], out long alignment) || (isPosix && fields["result"].Length == 0))
                {
                    return false;
                }
                Take(isPosix && fields["result"] != "0" ? 0 : address, size, time, owner, (ulong)alignment, task);
                return true;
        }
    }

    /// <summary>Babeltrace prints addresses in hexadecimal with 0x, or in decimal.</summary>
    private static bool Address(string word, out ulong address) =>
        word.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? TracerNumber.IsAddress(word, out address)
            : ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out address);

    [GeneratedRegex(@"\b(?:lttng_)?ust_libc:(malloc|calloc|realloc|free|memalign|posix_memalign):")]
    private static partial Regex Event();
}
