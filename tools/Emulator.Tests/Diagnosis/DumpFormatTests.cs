using Carveout.Emulator.Diagnosis;

namespace Carveout.Emulator.Tests.Diagnosis;

[TestClass]
public sealed class DumpFormatTests
{
    private const int LeastFiles = 60;

    /// <summary>Every byte, or every seventh: a cut shows what it does at most bytes of a word or number.</summary>
    private static readonly int s_step = TestSeed.IsWhole ? 1 : 7;

    public static IEnumerable<object[]> Files => DumpFiles.All.Select(one => new object[] { one.File, one.Cause.ToString(), one.Says });

    public static IEnumerable<object[]> Names => DumpFiles.Names.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void Each_format_is_read_whole_and_judged_as_an_expert_would(string file, string cause, string says)
    {
        Finding first = DumpFiles.Read(DumpFiles.Text(file)).Found.Findings[0];
        Assert.AreEqual(cause, first.Cause.ToString(), first.Sentence);
        Assert.Contains(says, first.Sentence);
    }

    [TestMethod]
    public void No_file_is_forgotten()
    {
        string[] there = [.. Directory.GetFiles(Path.Combine(Checkout.Folder, "tools", "Emulator.Tests", "Diagnosis", "Dumps")).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        Assert.IsGreaterThanOrEqualTo(LeastFiles, there.Length);
        Assert.AreSequenceEqual(there, DumpFiles.Names.Order(StringComparer.Ordinal));
    }

    /// <summary>After a cut, the lost part is missing or reported as damaged, and no other number changes.</summary>
    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Cut_at_every_byte_it_says_no_wrong_number(string file)
    {
        string text = DumpFiles.Text(file);
        // Two dumps of a series show everything that a cut can do; all dumps would take minutes.
        text = text[..Math.Min(text.Length, 2600)];
        Numbers whole = Numbers.Of(DumpFiles.Read(text).Dumps);
        for (int length = 0; length < text.Length; length += s_step)
        {
            Numbers cut = Numbers.Of(DumpFiles.Read(text[..length]).Dumps);
            Assert.AreEqual("", cut.WrongAgainst(whole), $"{file} cut behind {length} bytes: …{text[Math.Max(0, length - 60)..length]}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void Shuffled_with_other_lines_it_says_the_same(string file, string cause, string says)
    {
        string[] noise =
        [
            "systemd[1]: Started Session 12 of user pi.", "[   12.345678] usb 1-1.4: new high-speed USB device number 5 using dwc_otg", "I (1234) wifi:state: run -> init (2c0)",
            "audit: type=1400 msg=audit(1.2:3): freed=yes", "eth0: link becomes ready", "CPU: 0 PID: 12 at 0x1234", "\u001b[0m", "#### 50% ####",
        ];
        var random = new Random(7);
        var lines = new List<string>();
        foreach (string line in DumpFiles.Text(file).Split('\n'))
        {
            // In some formats adjacent lines belong together: stacks, labels, and a number below a name.
            if (random.Next(3) == 0 && !line.StartsWith(' ') && !IsTogether(file))
            {
                lines.Add(noise[random.Next(noise.Length)]);
            }
            lines.Add(line);
        }
        Finding first = DumpFiles.Read(string.Join('\n', lines)).Found.Findings[0];
        Assert.AreEqual(cause, first.Cause.ToString(), first.Sentence);
        Assert.Contains(says, first.Sentence);

        static bool IsTogether(string name) => name.StartsWith("native", StringComparison.Ordinal);
    }

    /// <summary>Every dump has variants, as logs change it on the way. None of them gives another cause or another number.</summary>
    [TestMethod]
    [DynamicData(nameof(Files))]
    public void A_mangled_twin_says_the_same_or_that_it_cannot_tell(string file, string cause, string says)
    {
        string text = DumpFiles.Text(file);
        Numbers whole = Numbers.Of(DumpFiles.Read(text).Dumps);
        foreach ((string name, Func<string, string> mangle, bool isLossless) in Mangling.All)
        {
            if (name == Mangling.LinesLost && file == "posted-wrapped-nodes.txt")
            {
                // A node on a line of its own is lost with that line, and nothing shows that it was there.
                continue;
            }
            (LogDiagnosis found, List<Dump> dumps) = DumpFiles.Read(mangle(text));
            Assert.AreEqual("", Numbers.Of(dumps).WrongAgainst(whole), $"{file}, {name}");
            if (isLossless)
            {
                Assert.IsNotEmpty(found.Findings, $"{file}, {name}");
                Assert.AreEqual(cause, found.Findings[0].Cause.ToString(), $"{file}, {name}: {found.Findings[0].Sentence}");
                Assert.Contains(says, found.Findings[0].Sentence, $"{file}, {name}");
            }
            else if (found.Findings.Count > 0 && found.Findings[0].Cause.ToString() != cause)
            {
                Assert.AreEqual(Cause.CannotTell, found.Findings[0].Cause, $"{file}, {name}: {found.Findings[0].Sentence}");
            }
        }
    }

    [TestMethod]
    public void Noise_of_any_kind_is_no_exception_and_no_verdict()
    {
        var random = new Random(11);
        var noise = new byte[400_000];
        random.NextBytes(noise);
        string text = System.Text.Encoding.Latin1.GetString(noise);
        Assert.IsEmpty(DumpFiles.Read(text).Found.Findings);
        string all = string.Concat(DumpFiles.Names.Select(DumpFiles.Text));
        for (int round = 0; round < 40; round++)
        {
            char[] damaged = all.ToCharArray();
            for (int i = 0; i < 400; i++)
            {
                damaged[random.Next(damaged.Length)] = (char)random.Next(256);
            }
            DumpFiles.Read(new string(damaged));
        }
    }

    [TestMethod]
    [DataRow("Node 0, zone Normal 99999999999999999999 9 9")]
    [DataRow("Node 99999, zone Normal 1 2 3")]
    [DataRow("Node 0, zone Normal 2147483647 2147483647 2147483647 2147483647 2147483647 2147483647 2147483647 2147483647 2147483647 2147483647 2147483647")]
    [DataRow("Normal: 2147483647*4kB 2147483647*8kB = 9kB")]
    [DataRow("x: page allocation failure: order:99, mode:0xffffffffffffffff")]
    [DataRow("DMA free:999999999999999kB min:999999999999999kB")]
    [DataRow("GC: 1msec 999999999999 bytes used, 999999999999 bytes available")]
    [DataRow("0x0000-0xffffffffffffffff 999999999999999 f+0x1/0x2")]
    [DataRow("cma_alloc: alloc failed, req-size: 999999999999999 pages, ret: -9999")]
    [DataRow("MemTotal: 999999999999999 kB")]
    public void Numbers_beyond_any_machine_are_no_exception(string line)
    {
        string hostile = line + new string('9', 5000) + "\n" + line + "\n" + line + " \n";
        LogDiagnosis found = DumpFiles.Read(hostile).Found;
        Presentation(found);
    }

    private static void Presentation(LogDiagnosis found)
    {
        if (found.Findings.Count > 0)
        {
            Emulator.Presentation.DiagnosisText.Of(found, 3);
            Emulator.Presentation.DiagnosisJson.Of(found, ["log"], 3);
            Emulator.Report.DiagnosisPage.Of(found, ["log"], 3);
        }
    }
}
