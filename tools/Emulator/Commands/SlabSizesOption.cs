using System.CommandLine;
using Carveout.Emulator.Replay;

namespace Carveout.Emulator.Commands;

/// <summary><c>--slab-sizes</c>: a named set of sizes, or a list of them.</summary>
internal sealed class SlabSizesOption : Option<SlabSizeSet>
{
    /// <summary>Creates the option.</summary>
    public SlabSizesOption()
        : base("--slab-sizes")
    {
        Description = "With --through kmalloc: the caches' sizes: powers of two up to 128 KB, four to a doubling up to 8 KB, or a list as 32,64,96,128,1K (default: fine)";
        HelpName = $"{SlabSizeSet.Standard.Name}|{SlabSizeSet.Fine.Name}|LIST";
        CompletionSources.Add(SlabSizeSet.Standard.Name, SlabSizeSet.Fine.Name);
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            SlabSizeSet? set = Parse(text);
            if (set is null)
            {
                result.AddError($"{Name} {text}: expected {SlabSizeSet.Standard.Name}, {SlabSizeSet.Fine.Name} "
                    + "or sizes in bytes with commas between them");
            }
            return set;
        };
    }

    /// <summary>Whether the command line names a set.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetResult(this) is { Implicit: false };

    /// <summary>The choice in a command line without errors.</summary>
    public SlabSizeSet In(ParseResult parsed) => parsed.GetValue(this) ?? SlabSizeSet.Fine;

    private static SlabSizeSet? Parse(string text)
    {
        foreach (SlabSizeSet named in (SlabSizeSet[])[SlabSizeSet.Standard, SlabSizeSet.Fine])
        {
            if (text.Equals(named.Name, StringComparison.OrdinalIgnoreCase))
            {
                return named;
            }
        }
        string[] words = text.Split(',');
        int[] sizes = new int[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            if (!ByteSize.TryParse(words[i], out long size) || size > int.MaxValue)
            {
                return null;
            }
            sizes[i] = (int)size;
        }
        return SlabSizeSet.Of(text, sizes);
    }
}
