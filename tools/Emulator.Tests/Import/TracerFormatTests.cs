using Carveout.Emulator.Import;
using Carveout.Emulator.Machine;
using Carveout.Emulator.Replay;
using Carveout.Emulator.Tests.Properties;
using Carveout.Emulator.Tests.Replay;

namespace Carveout.Emulator.Tests.Import;

/// <summary>Every format: the meaning of its texts, and what is left of it when they are cut, shuffled and garbled.</summary>
[TestClass]
public sealed class TracerFormatTests
{
    private static readonly string[] s_noise =
    [
        "[    3.141592] usb 1-1: new high-speed USB device number 2 using xhci_hcd",
        "I (3456) wifi: state: run -> init (0)",
        "Nov 29 12:00:00 host systemd[1]: Started Daily apt download activities.",
        "free memory: 12345 bytes, malloc failed for frame buffer",
        "",
        "0 1 2 3 4 5",
        "\u001b[0;32mready>\u001b[0m ls -l /tmp, and wait",
        "page allocation of 3 pages",
        "#include <stdio.h> // malloc(size)",
    ];

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void It_says_what_happened(string name)
    {
        TracerSample sample = TracerSamples.Named(name);
        ImportedTrace trace = ImportedTrace.Of(sample.Text, ImportedTrace.OptionsOf(sample));
        Assert.AreEqual(sample.Format, trace.Import.Format?.Name);
        Assert.AreSequenceEqual(sample.Trace.Split('\n'), trace.Lines, string.Join('\n', trace.Lines));
        Assert.AreEqual(0, trace.Import.Damaged);
        Assert.IsEmpty(trace.Import.OtherFormats);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Nobody_else_takes_its_lines(string name)
    {
        TracerSample sample = TracerSamples.Named(name);
        foreach (string other in TraceImport.Formats.Select(format => format.Name).Where(other => other != sample.Format))
        {
            ImportedTrace trace = ImportedTrace.Of(sample.Text, new ImportOptions(Format: other));
            Assert.IsNull(trace.Import.Format, $"{other}: {string.Join('\n', trace.Lines)}");
            Assert.AreEqual(0, trace.Import.Damaged, other);
        }
    }

    /// <summary>The rest of a text says nothing that the whole does not say, and what its end may have lost is counted.</summary>
    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Cut_anywhere_it_says_nothing_wrong(string name)
    {
        TracerSample sample = TracerSamples.Named(name);
        ImportOptions options = ImportedTrace.OptionsOf(sample);
        string[] whole = [.. ImportedTrace.Of(sample.Text, options).Requests];
        string text = sample.Text.TrimEnd('\n') + "\n";
        for (int length = 0; length < text.Length; length++)
        {
            string[] part = [.. ImportedTrace.Of(text[..length], options).Requests];
            // A caller's name may be one that the monitor printed behind the cut.
            bool isPrefix = part.Length <= whole.Length && part.Zip(whole).All(pair => WithoutOwner(pair.First) == WithoutOwner(pair.Second));
            Assert.IsTrue(isPrefix, $"cut at {length}:\n{text[..length]}\n{string.Join('\n', part)}");
        }
        Assert.HasCount(whole.Length, ImportedTrace.Of(text, options).Requests.ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Other_output_between_its_lines_changes_nothing(string name)
    {
        TracerSample sample = TracerSamples.Named(name);
        string[] lines = sample.Text.Split('\n');
        var mixed = new List<string>();
        for (int i = 0; i < lines.Length; i++)
        {
            mixed.Add(s_noise[i % s_noise.Length]);
            mixed.Add(lines[i]);
        }
        ImportedTrace trace = ImportedTrace.Of(string.Join('\n', mixed), ImportedTrace.OptionsOf(sample));
        Assert.AreSequenceEqual(sample.Trace.Split('\n'), trace.Lines, string.Join('\n', trace.Lines));
        Assert.AreEqual(0, trace.Import.Damaged);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Garbled_it_makes_a_trace_that_can_be_read_or_none(string name)
    {
        var run = new PropertyRun(TestContext, 0x1309 + (ulong)name.Length);
        TracerSample sample = TracerSamples.Named(name);
        for (int round = 0; round < TestSeed.Steps(60); round++)
        {
            string text = Garbled(sample.Text, run.Random);
            ImportedTrace trace = ImportedTrace.Of(text, ImportedTrace.OptionsOf(sample));
            if (trace.Trace is { Requests: > 0 })
            {
                using var file = new TraceText(string.Join('\n', trace.Lines));
                Assert.HasCount(trace.Lines.Count(line => line[0] != '#'), TraceFile.Read(file.Path).Operations, text);
            }
        }
    }

    [TestMethod]
    public void Noise_alone_is_no_trace()
    {
        ImportedTrace trace = ImportedTrace.Of(string.Join('\n', s_noise) + "\n");
        Assert.IsNull(trace.Import.Format);
        Assert.AreEqual(0, trace.Import.Damaged);
    }

    private static IEnumerable<object[]> Names => TracerSamples.Rows;

    private static string WithoutOwner(string line) => line.Split(" by=")[0];

    /// <summary>Overwrites letters, and repeats, cuts, swaps and joins lines.</summary>
    private static string Garbled(string text, SplitMix64 random)
    {
        List<string> lines = [.. text.Split('\n')];
        for (int change = random.Below(6); change >= 0; change--)
        {
            int line = random.Below(lines.Count), other = random.Below(lines.Count);
            switch (random.Below(5))
            {
                case 0 when lines[line].Length > 0:
                    char[] letters = lines[line].ToCharArray();
                    letters[random.Below(letters.Length)] = (char)random.Below(256);
                    lines[line] = new string(letters);
                    break;
                case 1:
                    lines[line] = lines[line][..random.Below(lines[line].Length + 1)];
                    break;
                case 2:
                    lines.Insert(other, lines[line]);
                    break;
                case 3:
                    lines[line] += lines[other];
                    break;
                default:
                    (lines[line], lines[other]) = (lines[other], lines[line]);
                    break;
            }
        }
        return string.Join('\n', lines);
    }
}
