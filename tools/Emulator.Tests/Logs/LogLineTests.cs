using Carveout.Emulator.Logs;

namespace Carveout.Emulator.Tests.Logs;

[TestClass]
public sealed class LogLineTests
{
    [TestMethod]
    [DataRow("Mem-Info:", null, null, null)]
    [DataRow("[86554.310195] Mem-Info:", 86554.310195, null, null)]
    [DataRow("<4>[86554.310195] Mem-Info:", 86554.310195, null, null)]
    [DataRow("[    1.500000][  T123] Mem-Info:", 1.5, null, "T123")]
    [DataRow("[    1.500000] [    C0] Mem-Info:", 1.5, null, "C0")]
    [DataRow("[    1.500000]  (2)[77:kworker/2:1]Mem-Info:", 1.5, null, "77")]
    [DataRow("[    1.500000<    0.000100>] Mem-Info:", 1.5, null, null)]
    [DataRow("[  +0.000012] Mem-Info:", null, null, null)]
    [DataRow("kern  :warn  : [    1.500000] Mem-Info:", 1.5, null, null)]
    [DataRow("Feb 29 00:00:10 cam0 kernel: [    1.500000] Mem-Info:", 1.5, 1709164810.0, null)]
    [DataRow("1970-01-02T00:00:01.500000+00:00 cam0 kernel: [T1] Mem-Info:", null, 86401.5, "T1")]
    [DataRow("1970-01-02 00:00:01,500 Mem-Info:", null, 86401.5, null)]
    [DataRow("1970-01-02T01:00:01+0100 cam0 kernel: Mem-Info:", null, 86401.0, null)]
    [DataRow("[Thu Feb 29 00:00:10 2024] Mem-Info:", null, 1709164810.0, null)]
    [DataRow("00:01:40.250 -> Mem-Info:", null, 100.25, null)]
    [DataRow("[00:01:40.250] Mem-Info:", null, 100.25, null)]
    [DataRow("[00:01:40.250,500] <err> Mem-Info:", 100.2505, null, null)]
    [DataRow("I (1500) Mem-Info:", 1.5, null, null)]
    [DataRow("\u001b[0;31mE (1500) Mem-Info:\u001b[0m", 1.5, null, null)]
    [DataRow("W (00:01:40.250) Mem-Info:", null, 100.25, null)]
    [DataRow("[  1500][E][heap.cpp:12] grow(): Mem-Info:", 1.5, null, null)]
    [DataRow("11-29 00:01:40.250   123   456 W kernel  : Mem-Info:", null, 100.25, null)]
    [DataRow("1709164810.5 Mem-Info:", null, 1709164810.5, null)]
    [DataRow("> > 00:01:40 <6>[    1.500000] Mem-Info:  ", 1.5, 100.0, null)]
    [DataRow("\u001b[1mMem-\u0007Info:\u001b[K\u0000", null, null, null)]
    public void What_stands_around_the_words_is_taken_off(string raw, double? uptime, double? clock, string? speaker)
    {
        LogLine line = LogLine.Parse(raw, true);
        Assert.AreEqual("Mem-Info:", line.Text);
        Near(uptime, line.Uptime);
        Near(clock, line.Clock);
        Assert.AreEqual(speaker, line.Speaker);
        Assert.IsFalse(line.IsCut);

        static void Near(double? expected, double? actual)
        {
            Assert.AreEqual(expected is null, actual is null);
            Assert.AreEqual(expected ?? 0, actual ?? 0, 1e-6);
        }
    }

    [TestMethod]
    [DataRow("Node 0, zone   Normal    812    533")]
    [DataRow("[  12] 0x1ec2b1a0: free 123K")]
    [DataRow("INFO heap: free=1234")]
    [DataRow("At 0x3ffae6e0 len 66784 free 25372 allocated 41156 min_free 8192")]
    [DataRow("12 times, 12 pages:")]
    [DataRow("812*4kB (UME) 533*8kB")]
    [DataRow("4096        1 mm/foo.c:123 func:bar")]
    [DataRow("0xf0800000-0xf0802000    8192 caller+0x10/0x20 pages=1 vmalloc")]
    public void Words_that_look_like_it_stay(string raw) => Assert.AreEqual(raw, LogLine.Parse(raw, true).Text);

    [TestMethod]
    public void Utf8_is_read_and_what_is_none_stays()
    {
        Assert.AreEqual("812*4kB (UME)", LogLine.Parse("812\u00c3\u0097" + "4kB\u00c2\u00a0(UME)", true).Text);
        Assert.AreEqual("noise\u00ff here", LogLine.Parse("noise\u00ff here", true).Text);
    }

    [TestMethod]
    public void A_line_without_an_end_or_as_wide_as_a_terminal_may_be_cut()
    {
        Assert.IsTrue(LogLine.Parse("free 12", false).IsCut);
        Assert.IsTrue(LogLine.Parse(new string('x', 80), true).IsCut);
        Assert.IsFalse(LogLine.Parse(new string('x', 81), true).IsCut);
    }
}
