using System.Text.RegularExpressions;

namespace Carveout.Emulator.Import;

/// <summary>Reads what the memory tracer of Mbed OS prints: <c>#m:0x20003080;0x182f-50</c>.</summary>
/// <remarks>Source: mbed-os platform/source/mbed_mem_trace.cpp, mbed_mem_trace_default_callback: the letter of the call, its result, its
/// caller, and its arguments. It has no times; those of a logger before it are used.</remarks>
/// <param name="options">Which sizes and owners to use.</param>
internal sealed partial class MbedTrace(ImportOptions options) : TracerFormat(options)
{
    /// <inheritdoc/>
    public override string Name => "mbed";

    /// <inheritdoc/>
    public override string Title => "the memory tracer of Mbed OS";

    /// <inheritdoc/>
    protected override LineMeaning Read(in TracerLine line)
    {
        Match match = Record().Match(line.Said);
        if (!match.Success)
        {
            return Mark().IsMatch(line.Said) ? LineMeaning.Damaged : LineMeaning.Foreign;
        }
        string[] words = match.Groups["arguments"].Value.Split(';');
        char kind = match.Groups["kind"].Value[0];
        if (!line.IsWhole || !TracerNumber.IsAddress(match.Groups["result"].ValueSpan, out ulong result) || words.Length != (kind is 'r' or 'c' ? 2 : 1))
        {
            return LineMeaning.Damaged;
        }
        string? owner = Owner(null, match.Groups["caller"].Value);
        ulong old;
        long size, members;
        switch (kind)
        {
            case 'f' when TracerNumber.IsAddress(words[0], out old):
                Free(old, line.Time);
                return LineMeaning.Read;
            case 'm' when TracerNumber.IsSize(words[0], out size):
                Take(result, size, line.Time, owner);
                return LineMeaning.Read;
            case 'r' when TracerNumber.IsAddress(words[0], out old) && TracerNumber.IsSize(words[1], out size):
                Reallocate(old, result, size, line.Time, owner);
                return LineMeaning.Read;
            case 'c' when TracerNumber.IsSize(words[0], out members) && TracerNumber.IsSize(words[1], out size):
                Take(result, TracerNumber.Product(members, size), line.Time, owner);
                return LineMeaning.Read;
            default:
                return LineMeaning.Damaged;
        }
    }

    [GeneratedRegex(@"#(?<kind>[mrcf]):(?<result>0x[0-9a-fA-F]{1,16}|\(nil\)|[0-9a-fA-F]{8});(?<caller>0x[0-9a-fA-F]{1,16}|\(nil\)|[0-9a-fA-F]{8})"
        + @"-(?<arguments>[0-9a-fA-Fx;()nil]{1,40})$")]
    private static partial Regex Record();

    [GeneratedRegex(@"#[mrcf]:(?:0x|\(nil)")]
    private static partial Regex Mark();
}
