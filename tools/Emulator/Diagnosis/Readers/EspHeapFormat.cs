using System.Globalization;
using System.Text.RegularExpressions;

namespace Carveout.Emulator.Diagnosis;

/// <summary>One of the things that ESP-IDF prints about its heaps.</summary>
internal abstract class EspHeapFormat
{
    /// <summary>Whether it has begun and may go on.</summary>
    public abstract bool IsOpen { get; }

    /// <summary>Takes a line, if it is one of its own.</summary>
    public abstract bool Read(DumpLine line);

    /// <summary>Ends what has begun.</summary>
    /// <param name="isCutOff">Whether nothing follows that says that it was whole.</param>
    public abstract void End(bool isCutOff);

    /// <summary>An address in hexadecimal digits; 0 where it is none.</summary>
    protected static long Address(Group group) =>
        long.TryParse(group.ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long value) ? value : 0;

    /// <summary>0xAAAAAAAA, 0xCECECECE, 0xFEFEFEFE, 0xA5A5A5A5: patterns that allocators and debuggers fill memory with.</summary>
    protected static bool IsPattern(long? value) => (value & 0xffffffff) is 0xaaaaaaaa or 0xcececece or 0xfefefefe or 0xa5a5a5a5 or 0xbaad5678 or 0xdeadbeef;
}
