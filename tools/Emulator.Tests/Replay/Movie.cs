using System.Globalization;
using System.Text;
using Carveout.Emulator.Replay;
using Carveout.Emulator.Tests.Properties;

namespace Carveout.Emulator.Tests.Replay;

/// <summary>A movie that plays in a loop beside an application: in each loop buffers of one size, between them small blocks that replace each other at
/// random, and at its end some pages that stay for ever.</summary>
/// <param name="Least">The fewest pages of a buffer.</param>
/// <param name="Most">The most; a loop's buffers have as many pages as one another.</param>
/// <param name="Buffers">Buffers of a loop.</param>
/// <param name="MostCompanion">The most pages of a small block.</param>
/// <param name="Companions">Small blocks that live at once.</param>
/// <param name="Between">Small blocks that come behind each buffer.</param>
/// <param name="Leak">Single pages that stay at the end of a loop.</param>
internal sealed record Movie(int Least, int Most, int Buffers, int MostCompanion, int Companions, int Between, int Leak)
{
    private const int Page = 4096, Operations = 60_000;

    /// <summary>As the table names it.</summary>
    public string Name =>
        $"{Buffers} buffers of {(Least == Most ? $"{Least}" : $"{Least} to {Most}")} pages; {Companions} blocks of up to {MostCompanion}; {Leak} a loop stays";

    /// <summary>The trace that follows from a seed.</summary>
    public TraceFile Trace(ulong seed)
    {
        var random = new SplitMix64(seed);
        var text = new StringBuilder();
        var companions = new List<int>();
        int id = 0, operations = 0;
        while (operations < Operations)
        {
            int pages = Least + random.Below(Most - Least + 1), first = id;
            for (int buffer = 0; buffer < Buffers; buffer++)
            {
                Add(pages);
                for (int i = 0; i < Between; i++)
                {
                    companions.Add(Add(1 + random.Below(MostCompanion)));
                    if (companions.Count > Companions)
                    {
                        int victim = random.Below(companions.Count);
                        Free(companions[victim]);
                        companions.RemoveAt(victim);
                    }
                }
            }
            for (int buffer = 0; buffer < Buffers; buffer++)
            {
                Free(first + (buffer * (Between + 1)));
            }
            for (int i = 0; i < Leak; i++)
            {
                Add(1);
            }
        }
        using var file = new TraceText(text.ToString());
        return TraceFile.Read(file.Path);

        int Add(int pages)
        {
            text.Append(CultureInfo.InvariantCulture, $"a {id} {pages * Page} {Page}\n");
            operations++;
            return id++;
        }

        void Free(int block)
        {
            text.Append(CultureInfo.InvariantCulture, $"f {block}\n");
            operations++;
        }
    }
}
